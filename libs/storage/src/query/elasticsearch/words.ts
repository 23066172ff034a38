const WORD = /[\p{L}\p{N}\p{M}_]+(?:['’.][\p{L}\p{N}\p{M}_]+)*/gu

/** Text cut into words in lower case, about as Elasticsearch's standard analyser does: letters and digits, with `'` and `.` inside only. */
export function wordsOf(text: string): string[] {
  return text.normalize('NFC').toLowerCase().match(WORD) ?? []
}

/** Whether the words stand one after another in the text; the last may be a beginning only. */
export function hasPhrase(text: string, phrase: readonly string[], lastIsPrefix = false): boolean {
  const words = wordsOf(text)
  const fitsAt = (start: number): boolean => phrase.every((word, offset) => {
    const found = words[start + offset]
    return found === word || (lastIsPrefix && offset === phrase.length - 1 && found !== undefined && found.startsWith(word))
  })
  return words.some((_, start) => fitsAt(start))
}

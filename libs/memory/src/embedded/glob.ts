/** One place of a pattern: what it takes, or `undefined` for a star. */
type Place = ((character: string) => boolean) | undefined

/** Whether a text fits a Redis pattern: `*`, `?`, `[abc]`, `[^a-z]`, and `\` before what is meant as it is. */
export function compileGlob(pattern: string): (text: string) => boolean {
  const places = parse(pattern)
  return (text) => fits(places, text)
}

function parse(pattern: string): Place[] {
  const places: Place[] = []
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] as string
    const close = character === '[' ? pattern.indexOf(']', at + 2) : -1
    if (character === '*') places.push(undefined)
    else if (character === '?') places.push(() => true)
    else if (close > 0) {
      places.push(anyOf(pattern.slice(at + 1, close)))
      at = close
    } else {
      const meant = character === '\\' && at + 1 < pattern.length ? pattern[++at] : character
      places.push((found) => found === meant)
    }
  }
  return places
}

function anyOf(written: string): (character: string) => boolean {
  const isNegated = written.startsWith('^')
  const spans = [...written.slice(isNegated ? 1 : 0).matchAll(/(.)-(.)|(.)/gs)].map(([, from, to, single]) => [from ?? single, to ?? single] as [string, string])
  return (character) => spans.some(([from, to]) => character >= from && character <= to) !== isNegated
}

/** Goes back to the last star only, so that no pattern takes longer than text times pattern. */
function fits(places: readonly Place[], text: string): boolean {
  let [place, at, star, resume] = [0, 0, -1, 0]
  while (at < text.length) {
    const test = places[place]
    if (place < places.length && test === undefined) [star, resume, place] = [place, at, place + 1]
    else if (test?.(text[at] as string)) [place, at] = [place + 1, at + 1]
    else if (star >= 0) [place, at] = [star + 1, ++resume]
    else return false
  }
  return places.slice(place).every((rest) => rest === undefined)
}

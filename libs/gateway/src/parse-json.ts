/** Nobody writes JSON nested deeper; what computes recursively on a value fails further down. */
export const MAX_DEPTH = 1000

/**
 * Parses JSON that strangers wrote. Keys named `__proto__` are dropped at any
 * depth, so that nobody who copies the value changes what objects inherit.
 *
 * @throws SyntaxError when it is no JSON, or nested deeper than a thousand levels.
 */
export function parseJson(text: string): unknown {
  if (mayBeDeep(text) && isDeep(text)) throw tooDeep()
  return parseShallowJson(text)
}

export const tooDeep = (): SyntaxError => new SyntaxError(`It is nested deeper than ${MAX_DEPTH} levels.`)

/** The same, of a text that is known not to be nested too deep. */
export function parseShallowJson(text: string): unknown {
  // Written with an escape, the name cannot be found in the text.
  const mayHoldPrototype = text.includes('__proto__') || text.includes('\\u00')
  return mayHoldPrototype ? JSON.parse(text, withoutPrototype) : JSON.parse(text)
}

const withoutPrototype = (key: string, value: unknown): unknown => (key === '__proto__' ? undefined : value)

/** Whether there are brackets enough. Most texts have few, and searching is cheaper than reading. */
const mayBeDeep = (text: string): boolean =>
  text.length > 2 * MAX_DEPTH && countUpTo(text, '{', MAX_DEPTH) + countUpTo(text, '[', MAX_DEPTH) > MAX_DEPTH

function countUpTo(text: string, character: string, most: number): number {
  let count = 0
  for (let at = text.indexOf(character); at >= 0 && count <= most; at = text.indexOf(character, at + 1)) count++
  return count
}

const QUOTE = 34
const BACKSLASH = 92
const isOpening = (code: number): boolean => code === 123 || code === 91
const isClosing = (code: number): boolean => code === 125 || code === 93

/** Reads the text once, strings left out. */
function isDeep(text: string): boolean {
  let depth = 0
  let isString = false
  for (let at = 0; at < text.length && depth <= MAX_DEPTH; at++) {
    const code = text.charCodeAt(at)
    if (isString) {
      if (code === BACKSLASH) at++
      else if (code === QUOTE) isString = false
    } else if (code === QUOTE) isString = true
    else if (isOpening(code)) depth++
    else if (isClosing(code)) depth--
  }
  return depth > MAX_DEPTH
}

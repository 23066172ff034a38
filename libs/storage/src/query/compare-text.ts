const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00

/** Orders text by code points, as SQLite and PostgreSQL's "C" collation order its UTF-8. JavaScript's `<` orders by UTF-16 units. */
export function compareText(one: string, other: string): number {
  const length = Math.min(one.length, other.length)
  for (let index = 0; index < length; index++) {
    if (one.charCodeAt(index) !== other.charCodeAt(index)) return compareAt(one, other, startOf(one, index))
  }
  return one.length - other.length
}

/** Where the code point begins of which two texts that are alike before `index` may have the first half in common. */
const startOf = (text: string, index: number): number => (index > 0 && isHigh(text.charCodeAt(index - 1)) ? index - 1 : index)

function compareAt(one: string, other: string, start: number): number {
  const difference = one.codePointAt(start)! - other.codePointAt(start)!
  return difference === 0 ? one.codePointAt(start + 1)! - other.codePointAt(start + 1)! : difference
}

/** Characters that PostgreSQL takes in one notification, less those of a parcel's head. */
const MOST_CHARACTERS = 7_900

/** Cuts an ASCII text into parcels `<number>/<count>:<part>`, to be sent together and in order. No two are alike: PostgreSQL drops doubles. */
export function packParcels(text: string): string[] {
  const count = Math.max(1, Math.ceil(text.length / MOST_CHARACTERS))
  return Array.from({ length: count }, (_, position) => `${position + 1}/${count}:${text.slice(position * MOST_CHARACTERS, (position + 1) * MOST_CHARACTERS)}`)
}

/** Puts texts together again. The parcels of one text come one after another; what does not follow on the last is of a text whose beginning was missed. */
export class ParcelReader {
  private parts: string[] = []

  /** The whole text with its last parcel, `undefined` before. */
  read(parcel: string): string | undefined {
    const [head = '', number = '', count = ''] = /^(\d+)\/(\d+):/.exec(parcel) ?? []
    if (Number(number) === 1) this.parts = []
    if (Number(number) !== this.parts.length + 1) return undefined
    this.parts.push(parcel.slice(head.length))
    if (number !== count) return undefined
    const text = this.parts.join('')
    this.parts = []
    return text
  }
}

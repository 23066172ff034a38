/** What an engine binds to a placeholder. */
export type SqlValue = string | number | bigint | boolean | null | readonly string[] | readonly number[]

/**
 * A piece of SQL whose values stay apart from its text: the one way in which SQL is written in this room, so that nothing a
 * client sends can ever become part of a statement's text.
 */
export class Sql {
  constructor(readonly texts: readonly string[], readonly values: readonly SqlValue[]) {}

  /** The statement with its values, placeholders written as the engine wants them: `?`, or `$1`, `$2`, … */
  render(placeholder: (position: number) => string): { text: string; values: SqlValue[] } {
    let text = this.texts[0] ?? ''
    for (let position = 1; position < this.texts.length; position++) text += placeholder(position) + this.texts[position]
    return { text, values: [...this.values] }
  }
}

/**
 * Writes SQL: other pieces are spliced in, anything else is bound as a value.
 *
 * @example
 * sql`select source from ${table} where id = ${id}`
 */
export function sql(strings: TemplateStringsArray, ...parts: readonly (Sql | SqlValue)[]): Sql {
  const texts = [strings[0] ?? '']
  const values: SqlValue[] = []
  const append = (text: string) => { texts[texts.length - 1] += text }
  parts.forEach((part, index) => {
    if (part instanceof Sql) {
      append(part.texts[0] ?? '')
      texts.push(...part.texts.slice(1))
      values.push(...part.values)
    } else {
      texts.push('')
      values.push(part)
    }
    append(strings[index + 1] ?? '')
  })
  return new Sql(texts, values)
}

/** SQL taken as it stands. For text that this room wrote itself, and for nothing that came from outside. */
export const raw = (text: string): Sql => new Sql([text], [])

/** A name of a table, index or column, quoted. */
export const name = (text: string): Sql => raw(`"${text.replaceAll('"', '""')}"`)

/** Pieces one after another with `separator` between them. */
export function join(pieces: readonly Sql[], separator: string): Sql {
  return pieces.reduce((joined, piece, index) => (index === 0 ? piece : sql`${joined}${raw(separator)}${piece}`), raw(''))
}

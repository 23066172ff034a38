/**
 * Writes plain JSON values as YAML 1.2: one line a scalar, nesting by two
 * spaces. Texts are quoted as in JSON, which YAML reads, so none of its many
 * ways to misread a bare word applies.
 */
export function toYaml(value: unknown, indent = ''): string {
  if (isEmpty(value)) return ` ${JSON.stringify(value)}\n`.slice(indent === '' ? 1 : 0)
  const lines = Array.isArray(value)
    ? value.map((element) => `${indent}-${nested(element, indent)}`)
    : Object.entries(value as object).filter(([, member]) => member !== undefined)
      .map(([key, member]) => `${indent}${JSON.stringify(key)}:${nested(member, indent)}`)
  return lines.join('')
}

const nested = (value: unknown, indent: string): string =>
  isEmpty(value) ? ` ${JSON.stringify(value)}\n` : `\n${toYaml(value, `${indent}  `)}`

/** Whether a value fits on its line. */
const isEmpty = (value: unknown): boolean => typeof value !== 'object' || value === null || Object.keys(value).length === 0

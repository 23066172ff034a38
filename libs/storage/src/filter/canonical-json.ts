/** JSON in which equal values are equal texts: the properties of every object in the order of their names. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`
  const properties = value as Record<string, unknown>
  let text = ''
  for (const name of Object.keys(properties).sort()) {
    if (properties[name] !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(properties[name])}`
  }
  return `{${text}}`
}

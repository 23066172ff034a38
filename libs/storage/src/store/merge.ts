type Properties = Record<string, unknown>

const isObject = (value: unknown): value is Properties => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Sets an own property, whatever its name: `__proto__` is data like any other. */
function set(target: Properties, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true })
  else target[name] = value
}

/** A new document: objects are merged at every depth, anything else in `changes` (arrays and `null` too) replaces what was there. */
export function merge(document: Properties, changes: Properties): Properties {
  const merged: Properties = {}
  for (const [name, value] of Object.entries(document)) set(merged, name, value)
  for (const [name, value] of Object.entries(changes)) {
    const before = Object.hasOwn(merged, name) ? merged[name] : undefined
    set(merged, name, isObject(before) && isObject(value) ? merge(before, value) : value)
  }
  return merged
}

/** A new document without the fields at these dotted paths. A path that leads nowhere is left alone; arrays are not entered. */
export function withoutFields(document: Properties, paths: readonly string[]): Properties {
  const copy = structuredClone(document)
  for (const path of paths) removeField(copy, path.split('.'))
  return copy
}

function removeField(document: Properties, [name, ...rest]: string[]): void {
  if (name === undefined || !Object.hasOwn(document, name)) return
  if (rest.length === 0) delete document[name]
  else if (isObject(document[name])) removeField(document[name], rest)
}

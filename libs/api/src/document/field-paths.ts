import { isObject } from '@app/storage'
import type { FieldMapping, Properties } from '@app/storage'

/** The dotted paths of all fields that hold values, in the order of the mapping. */
export function fieldPathsOf(properties: Readonly<Record<string, FieldMapping>>, prefix = ''): string[] {
  return Object.entries(properties).flatMap(([name, field]) =>
    field.properties ? fieldPathsOf(field.properties, `${prefix}${name}.`) : [prefix + name])
}

/** The value at a dotted path, or `undefined`. */
export function readPath(source: Properties, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined), source)
}

/** The same values with dotted paths as names; lists stay whole. */
export function flatten(source: Properties, prefix = ''): Properties {
  return Object.assign({}, ...Object.entries(source).map(([name, value]) =>
    isObject(value) && Object.keys(value).length > 0 ? flatten(value, `${prefix}${name}.`) : { [prefix + name]: value })) as Properties
}

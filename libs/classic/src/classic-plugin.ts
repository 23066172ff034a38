/** A function of a plugin. Nothing checks what classic plugins take or give. */
export type PluginFunction = (...values: unknown[]) => unknown

/** A constructed classic plugin: an object with `init` and declarations, whatever its class. */
export interface ClassicPlugin {
  readonly init: (config: unknown, context: unknown) => unknown
  readonly [member: string]: unknown
}

/** What `require` of a classic plugin's package gives. */
export type ClassicConstructor = new () => ClassicPlugin

/** An object with keys: no list, no function, not null. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether `new` works on it. Nothing is called. */
export function isConstructor(value: unknown): value is ClassicConstructor {
  if (typeof value !== 'function') return false
  try {
    Reflect.construct(Object, [], value)
    return true
  } catch {
    // Arrow functions and methods: `construct` refuses them as a new.target.
    return false
  }
}

/** What an object is called in places and logs: its class, or `plugin` when it has none. */
export function classNameOf(instance: object): string {
  const { name } = instance.constructor as { name?: string }
  return name && name !== 'Object' ? name : 'plugin'
}

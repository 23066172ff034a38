import { classNameOf, type ClassicPlugin, type PluginFunction } from '../classic-plugin.js'
import { suggest } from '../suggest.js'

/** A function of a plugin that a declaration led to, bound to it. */
export interface FoundMethod {
  readonly call: PluginFunction
  /** Where it is written, such as `Geo.index`. */
  readonly name: string
  /** How many parameters it names. */
  readonly parameters: number
}

/** What a declaration says instead of a function: the nearest method, where a name was given. */
export interface MissingMethod {
  readonly hint: string
}

export const isMissing = (method: FoundMethod | MissingMethod): method is MissingMethod => 'hint' in method

/**
 * Finds what a declaration names: a method of the plugin, inherited or its
 * own, or a function. Functions are called on the plugin too, as the classic
 * host does for those that are its methods; a bound one keeps what it is
 * bound to.
 */
export function findMethod(plugin: ClassicPlugin, declared: unknown, role: string): FoundMethod | MissingMethod {
  if (typeof declared === 'function') return bound(plugin, declared as PluginFunction, nameOf(declared as PluginFunction) || role)
  if (typeof declared !== 'string') return { hint: 'Give the name of a method, a function, or a list of those.' }
  const method = plugin[declared]
  if (typeof method === 'function') return bound(plugin, method as PluginFunction, declared)
  const near = suggest(declared, methodNames(plugin))
  return { hint: `There is no method "${declared}". ${near ?? 'Write it, or take the declaration away.'}` }
}

const bound = (plugin: ClassicPlugin, method: PluginFunction, name: string): FoundMethod =>
  ({ call: method.bind(plugin) as PluginFunction, name: `${classNameOf(plugin)}.${name}`, parameters: method.length })

/** What a function is called in the plugin's source; binding puts a word in front. */
const nameOf = ({ name }: PluginFunction): string => name.replace(/^(bound )+/, '')

/** Own and inherited methods, without running a getter. */
function methodNames(plugin: object): string[] {
  const names: string[] = []
  for (let link: object | null = plugin; link !== null && link !== Object.prototype; link = Object.getPrototypeOf(link) as object | null) {
    const descriptors = Object.entries(Object.getOwnPropertyDescriptors(link))
    names.push(...descriptors.filter(([name, { value }]) => typeof value === 'function' && name !== 'constructor').map(([name]) => name))
  }
  return names
}

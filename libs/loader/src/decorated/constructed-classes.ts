import { readMarks, type Class, type PluginOptions, type Provider } from '@mortise/sdk'

/** Where TypeScript and Nest's `@Inject` note the parameters of a constructor. */
const TYPES = 'design:paramtypes'
const TOKENS = 'self:paramtypes'

/** One parameter of a constructor, as far as it is recorded. */
export interface Parameter {
  readonly index: number
  /** What is injected: the token given by `@Inject`, else the declared type. */
  readonly token: unknown
}

/** Every class that is constructed for a plugin: its own, its controllers and those among its providers. */
export function constructedClasses(plugin: Class): readonly Class[] {
  const { controllers = [], providers = [] } = readMarks(plugin)?.plugin as PluginOptions
  return [...new Set([plugin, ...controllers, ...providers.flatMap(classOf)])]
}

const classOf = (provider: Provider): Class[] => {
  if (typeof provider === 'function') return [provider]
  return typeof provider.useClass === 'function' ? [provider.useClass as Class] : []
}

/** The parameters of a class's constructor, or `undefined` when the compiler recorded none though there are some. */
export function parametersOf(type: Class): readonly Parameter[] | undefined {
  const types = Reflect.getMetadata(TYPES, type) as unknown[] | undefined
  const tokens = (Reflect.getMetadata(TOKENS, type) ?? []) as { index: number; param: unknown }[]
  const count = Math.max(types?.length ?? 0, ...tokens.map(({ index }) => index + 1))
  if (count < type.length) return undefined
  return Array.from({ length: count }, (_, index) => ({ index, token: tokens.find((token) => token.index === index)?.param ?? types?.[index] }))
}

/** Everything that a plugin's classes and factories ask to be given. */
export function injectedTokens(plugin: Class): readonly unknown[] {
  const { providers = [] } = readMarks(plugin)?.plugin as PluginOptions
  const byFactories = providers.flatMap((provider) => ('inject' in provider && Array.isArray(provider.inject) ? provider.inject as unknown[] : []))
  return [...constructedClasses(plugin).flatMap((type) => parametersOf(type)?.map(({ token }) => token) ?? []), ...byFactories]
}

import { readMarks, serviceOf, type Class, type PluginOptions, type Provider } from '@mortise/sdk'

/** Where TypeScript and Nest note what constructors and properties ask for. */
const TYPES = 'design:paramtypes'
const TOKENS = 'self:paramtypes'
const PROPERTIES = 'self:properties_metadata'

/** Services by which a plugin causes something that others hear. */
const CALLING: readonly unknown[] = ['api', 'events']

/**
 * Whether a plugin can cause anything: call actions, or trigger events. One
 * that asks for no such service cannot; what is not known to be so, may.
 */
export function mayCall(exported: unknown): boolean {
  const options = readMarks(exported)?.plugin
  if (!options || (options.imports?.length ?? 0) > 0) return true
  return tokensOf(exported as Class, options).some((token) => CALLING.includes(serviceOf(token)) || isModuleRef(token))
}

function tokensOf(plugin: Class, { controllers = [], providers = [] }: PluginOptions): readonly unknown[] {
  const classes = [plugin, ...controllers, ...providers.map(classOf)].filter((type) => type !== undefined)
  const injected = providers.flatMap((provider) => ('inject' in provider && Array.isArray(provider.inject) ? provider.inject as unknown[] : []))
  return [...injected, ...classes.flatMap(tokensOfClass)]
}

const classOf = (provider: Provider): Class | undefined =>
  (typeof provider === 'function' ? provider : typeof provider.useClass === 'function' ? provider.useClass as Class : undefined)

function tokensOfClass(type: Class): readonly unknown[] {
  const types = (Reflect.getMetadata(TYPES, type) ?? []) as unknown[]
  const tokens = (Reflect.getMetadata(TOKENS, type) ?? []) as { param: unknown }[]
  const properties = (Reflect.getMetadata(PROPERTIES, type) ?? []) as { type: unknown }[]
  return [...types, ...tokens.map(({ param }) => param), ...properties.map((property) => property.type)]
}

/** Nest's own way to anything; told by name, since a plugin may carry its own copy. */
const isModuleRef = (token: unknown): boolean => typeof token === 'function' && token.name === 'ModuleRef'

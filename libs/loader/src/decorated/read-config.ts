import { Config, type ApiError, type StandardIssue, type StandardSchemaV1 } from '@mortise/sdk'
import { BootError } from '../boot-report.js'
import { loaderErrors } from '../loader.errors.js'

/** A plugin's checked section of the configuration. */
export class PluginConfig extends Config {
  constructor(readonly values: Readonly<Record<string, unknown>>) {
    super()
  }
}

/**
 * Checks a plugin's section of the configuration and fills in its defaults.
 *
 * @throws {@link BootError} with one `plugin.assert.invalid_config` for each issue, naming the key.
 */
export async function readConfig(plugin: string, given: unknown, schema: StandardSchemaV1 | undefined): Promise<PluginConfig> {
  const checked = schema ? await schema['~standard'].validate(given) : { value: given }
  if (checked.issues) throw new BootError(checked.issues.map((issue) => describe(plugin, issue)))
  return new PluginConfig(freeze(checked.value as Record<string, unknown>))
}

function describe(plugin: string, { message, path = [] }: StandardIssue): ApiError {
  const keys = path.map((key) => String(typeof key === 'object' ? key.key : key))
  const name = ['plugins', plugin, ...keys].join('.')
  return loaderErrors.invalid_config(name, message).with({ place: `the configuration → ${name}`, hint: 'Correct the value in the configuration.' })
}

/** Plain objects and lists all the way down; what else a schema makes (dates, instances) is left alone. */
function freeze<T>(value: T): T {
  const isPlain = Array.isArray(value) || (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
  if (!isPlain) return value
  Object.values(value as object).forEach(freeze)
  return Object.freeze(value)
}

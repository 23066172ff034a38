import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { closest } from 'fastest-levenshtein'
import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser'
import { z } from 'zod'
import { SecretsFile, type SecretsByPlugin } from '@app/secrets'
import { readEnvironment } from './config-environment.js'
import { configSchema, type MortiseConfig, type MortiseConfigInput } from './config-schema.js'

/** What the host is started with. Secrets are kept apart from the configuration so that nothing can publish them. */
export interface Settings {
  readonly config: MortiseConfig
  readonly secretsFile: SecretsFile
  /** Those of the file, and of the environment, which goes over it. @throws SecretsFault when the file cannot be read */
  readSecrets(): SecretsByPlugin
}

/** Where settings come from. */
export interface SettingsSources {
  /** The folder that relative paths start at. */
  readonly root: string
  /** A configuration file; `mortise.config.json` in `root` when absent, and none when that is missing. */
  readonly file?: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** A configuration that cannot be used; the message names every fault and the nearest right key. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
  }
}

/**
 * Reads the configuration: defaults, then the file (JSON with comments), then
 * the environment, checked as a whole.
 *
 * @throws {@link ConfigError} naming every unknown or wrong key.
 */
export function loadSettings({ root, file, environment }: SettingsSources): Settings {
  const { MORTISE_SECRETS_KEY: key, MORTISE_SECRETS_KEY_FILE: keyFile, ...variables } = environment
  const { secrets = {}, ...fromEnvironment } = readEnvironment(variables)
  const config = checkConfig(mergeSettings(readFile(root, file), fromEnvironment))
  const secretsFile = new SecretsFile(resolve(root, config.secretsFile), { key, keyFile: keyFile && resolve(root, keyFile) })
  return { config, secretsFile, readSecrets: () => mergeSettings(secretsFile.read(), secrets as SecretsByPlugin) as SecretsByPlugin }
}

/** Fills in defaults and checks. @throws {@link ConfigError} */
export function checkConfig(settings: MortiseConfigInput | Record<string, unknown>): MortiseConfig {
  const checked = configSchema.safeParse(settings)
  if (checked.success) return checked.data
  throw new ConfigError(checked.error.issues.flatMap(describeIssue))
}

/** Where the configuration is read from, unless a file is named. */
export const configPath = (root: string, file = 'mortise.config.json'): string => resolve(root, file)

function readFile(root: string, file?: string): Record<string, unknown> {
  const path = configPath(root, file)
  if (!existsSync(path)) {
    if (file) throw new ConfigError([`${path}: there is no such file. Check the path given with --config.`])
    return {}
  }
  const errors: ParseError[] = []
  const text = readFileSync(path, 'utf8')
  const value: unknown = parse(text, errors, { allowTrailingComma: true })
  if (errors.length > 0) throw new ConfigError(errors.map(({ error, offset }) => `${path}:${lineAt(text, offset)}: ${printParseErrorCode(error)}. Write JSON; comments are allowed.`))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ConfigError([`${path}: expected an object.`])
  return value as Record<string, unknown>
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

/** Puts settings over others, section by section. */
export function mergeSettings(base: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const old = merged[key]
    merged[key] = isObject(old) && isObject(value) ? mergeSettings(old, value) : value
  }
  return merged
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function describeIssue(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.join('.')
  if (issue.code !== 'unrecognized_keys') return [`${path}: ${issue.message}.`]
  const known = keysAt(issue.path)
  return issue.keys.map((key) => {
    const hint = known.length > 0 ? ` Did you mean "${closest(key, known)}"?` : ''
    return `${path ? `${path}.` : ''}${key}: there is no such key.${hint}`
  })
}

/** The keys that the schema knows at a path. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let schema: unknown = configSchema
  for (const key of path) schema = (shapeOf(schema) ?? {})[String(key)]
  return Object.keys(shapeOf(schema) ?? {})
}

function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  let inner = schema as { shape?: Record<string, unknown>; unwrap?: () => unknown } | undefined
  while (inner && !inner.shape && inner.unwrap) inner = inner.unwrap() as typeof inner
  return inner?.shape
}

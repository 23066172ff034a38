import { createError } from '@mortise/sdk'
import { blame, isThenable } from '@app/supervision'

/** Whose credentials they are, or why nobody's. */
export type Answer = { kuid: string; message?: undefined } | { kuid?: undefined; message: string }

/**
 * Asks a strategy's `verify`, which a plugin wrote, and takes nothing of its
 * answer for granted.
 *
 * @throws `plugin.strategy.invalid_verify_return`, `plugin.strategy.invalid_verify_resolve`, `plugin.strategy.invalid_kuid`,
 * or what `verify` threw
 */
export async function readVerified(plugin: string, strategy: string, verify: () => unknown): Promise<Answer> {
  const promise = callVerify(plugin, strategy, verify)
  if (!isThenable(promise)) throw createError('plugin.strategy.invalid_verify_return', plugin, strategy, typeof promise)
  const value: unknown = await Promise.resolve(promise).catch((thrown: unknown) => { throw told(plugin, strategy, thrown) })
  if (value === false) return { message: '' }
  if (!isAnswer(value)) throw createError('plugin.strategy.invalid_verify_resolve', plugin, strategy)
  return readAnswer(plugin, strategy, value)
}

function readAnswer(plugin: string, strategy: string, { kuid, message }: { kuid?: unknown; message?: unknown }): Answer {
  if (typeof kuid === 'string') return { kuid }
  if (kuid !== null && kuid !== undefined) throw createError('plugin.strategy.invalid_kuid', plugin, strategy, typeof kuid)
  return { message: typeof message === 'string' ? message : `Could not log in with strategy "${strategy}"` }
}

const isAnswer = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && ((value as { kuid?: unknown }).kuid !== undefined || 'message' in value)

function callVerify(plugin: string, strategy: string, verify: () => unknown): unknown {
  try {
    return verify()
  } catch (thrown) {
    throw told(plugin, strategy, thrown)
  }
}

const told = (plugin: string, strategy: string, thrown: unknown): Error =>
  blame(thrown, { plugin, listener: `strategy ${strategy}, method verify` })

import { createDecipheriv, createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createError, createErrorFrom } from '@mortise/sdk'

/** A tree of secrets: texts, and objects of them. */
export type SecretTree = Record<string, unknown>

/** Where the vault is, and what opens it; the environment's `KUZZLE_VAULT_KEY` and `KUZZLE_SECRETS_FILE` when absent. */
export interface VaultSources {
  readonly root: string
  readonly key?: string
  readonly file?: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

const DEFAULT_FILE = 'config/secrets.enc.json'

/**
 * Opens a classic application's vault: JSON whose texts are encrypted each for
 * itself, as `<cipher text>.<initialisation vector>` in hex, by AES-256-CBC
 * under the SHA-256 of the key. Empty when there is neither file nor key.
 *
 * @throws `core.vault.key_not_found` for a file without a key, `core.vault.cannot_decrypt` for a key without a file or a wrong one
 */
export function openVault({ root, environment, key = environment.KUZZLE_VAULT_KEY, file = environment.KUZZLE_SECRETS_FILE }: VaultSources): SecretTree {
  const path = resolve(root, file ?? DEFAULT_FILE)
  const isThere = existsSync(path)
  if (key === undefined && !isThere && file === undefined) return {}
  if (!isThere) throw createError('core.vault.cannot_decrypt', `there is no file "${path}"`).with({ hint: 'Set KUZZLE_SECRETS_FILE, or "app.vault.file", to where the secrets are.' })
  if (key === undefined) throw createError('core.vault.key_not_found').with({ place: path, hint: 'Set KUZZLE_VAULT_KEY, or "app.vault.key".' })
  try {
    return decryptTree(JSON.parse(readFileSync(path, 'utf8')) as SecretTree, createHash('sha256').update(key).digest())
  } catch (fault) {
    throw createErrorFrom(fault, 'core.vault.cannot_decrypt', (fault as Error).message).with({ place: path, hint: 'Check that the key is the one the file was made with.' })
  }
}

const decryptTree = (tree: SecretTree, key: Buffer): SecretTree =>
  Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, typeof value === 'string' ? decrypt(value, key) : decryptTree(value as SecretTree, key)]))

function decrypt(text: string, key: Buffer): string {
  const [data = '', vector = ''] = text.split('.')
  const decipher = createDecipheriv('aes-256-cbc', key, Buffer.from(vector, 'hex'))
  return decipher.update(data, 'hex', 'utf8') + decipher.final('utf8')
}

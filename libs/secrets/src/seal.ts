import { createCipheriv, createDecipheriv, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import { SecretsFault } from './secrets-fault.js'

const FORMAT = 'mortise-secrets/1'
const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const MARK_BYTES = 16
/** What a guess at the key costs: about 0.1 s and 32 MB. Part of the format, so that no file can ask for more. */
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }
/** Shorter keys can be guessed whatever a guess costs. */
const SHORTEST_KEY = 16

/** A sealed text: all but `format` is Base64. */
interface Sealed {
  readonly format: string
  readonly salt: string
  /** By which the right key is known, before anything is decrypted. */
  readonly mark: string
  readonly iv: string
  readonly tag: string
  readonly data: string
}

/**
 * Encrypts a text under a passphrase: AES-256-GCM, with a key made by scrypt
 * from the passphrase and a fresh salt. Everything in the result is
 * authenticated, so that a changed file cannot pass for a whole one.
 *
 * @throws {@link SecretsFault} when the passphrase is too short to keep anything.
 */
export function seal(text: string, passphrase: string): string {
  if (passphrase.length < SHORTEST_KEY) {
    throw new SecretsFault(`The key is too short. Take at least ${SHORTEST_KEY} characters, such as "openssl rand -base64 32" gives.`)
  }
  const [salt, iv] = [randomBytes(16), randomBytes(12)]
  const { key, mark } = derive(passphrase, salt)
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(headOf(salt, mark))
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  const parts = { salt, mark, iv, tag: cipher.getAuthTag(), data }
  const written = Object.entries(parts).map(([name, bytes]) => [name, bytes.toString('base64')])
  return `${JSON.stringify({ format: FORMAT, ...Object.fromEntries(written) }, null, 2)}\n`
}

/**
 * Decrypts what {@link seal} made.
 *
 * @throws {@link SecretsFault} when it is of no such form, when the passphrase is another, and when it was changed since.
 */
export function unseal(sealed: string, passphrase: string): string {
  const { salt, mark, iv, tag, data } = readSealed(sealed)
  const derived = derive(passphrase, salt)
  if (!timingSafeEqual(derived.mark, mark)) throw new SecretsFault('The key is not the one that it was encrypted with.')
  try {
    const decipher = createDecipheriv(CIPHER, derived.key, iv, { authTagLength: 16 }).setAAD(headOf(salt, mark)).setAuthTag(tag)
    return Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8')
  } catch {
    // The cipher says nothing more: either its bytes are as they were, or they are not.
    throw new SecretsFault('It was changed since it was encrypted, or is damaged. Take it back from a copy.')
  }
}

function readSealed(text: string): Record<'salt' | 'mark' | 'iv' | 'tag' | 'data', Buffer> {
  const { format, salt, mark, iv, tag, data } = parse(text)
  const bytes = [salt, mark, iv, tag, data].map((part) => Buffer.from(typeof part === 'string' ? part : '', 'base64'))
  const [saltBytes, markBytes, ivBytes, tagBytes, dataBytes] = bytes as [Buffer, Buffer, Buffer, Buffer, Buffer]
  if (format !== FORMAT || saltBytes.length !== 16 || markBytes.length !== MARK_BYTES || ivBytes.length !== 12 || tagBytes.length !== 16) {
    throw new SecretsFault('It is no encrypted secrets file, or was cut short. Take it back from a copy.')
  }
  return { salt: saltBytes, mark: markBytes, iv: ivBytes, tag: tagBytes, data: dataBytes }
}

function parse(text: string): Partial<Record<keyof Sealed, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Partial<Sealed>
  } catch {
    // Told by the format that is missing.
    return {}
  }
}

function derive(passphrase: string, salt: Buffer): { key: Buffer; mark: Buffer } {
  const bytes = scryptSync(passphrase, salt, KEY_BYTES + MARK_BYTES, COST)
  return { key: bytes.subarray(0, KEY_BYTES), mark: bytes.subarray(KEY_BYTES) }
}

const headOf = (salt: Buffer, mark: Buffer): Buffer => Buffer.concat([Buffer.from(FORMAT), salt, mark])

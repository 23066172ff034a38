import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { seal, unseal } from './seal.js'
import { SecretsFault } from './secrets-fault.js'
import { readSecrets, type SecretsByPlugin } from './secrets-text.js'

/** What a file begins with that nobody has written yet. */
const EMPTY = `// Secrets by plugin and name; each plugin is given its own section and no other.
// { "checkout": { "key": "…" } }
{
}
`

/** Where the key comes from, that `src` found in the environment: the key itself, or the path of a file that holds it. */
export interface KeySource {
  readonly key?: string
  readonly keyFile?: string
}

/** The encrypted file that holds secrets of plugins. Every fault is a {@link SecretsFault} that names the file. */
export class SecretsFile {
  constructor(readonly path: string, private readonly source: KeySource) {}

  /** All secrets; none when there is no file, whether there is a key or not. */
  read(): SecretsByPlugin {
    return existsSync(this.path) ? this.#named(() => readSecrets(this.readText())) : {}
  }

  /** The secrets as they are written, comments and all. */
  readText(): string {
    const key = this.#key()
    return this.#named(() => (existsSync(this.path) ? unseal(readFileSync(this.path, 'utf8'), key) : EMPTY))
  }

  /** Encrypts and writes a text, whole or not at all. Only the file's owner may read it. */
  writeText(text: string): void {
    readSecrets(text)
    const key = this.#key()
    this.#named(() => replaceFile(this.path, seal(text, key)))
  }

  #key(): string {
    const { key, keyFile } = this.source
    if (key !== undefined && key !== '') return key
    if (keyFile === undefined) {
      throw new SecretsFault(`${this.path}: there is no key for it. Set MORTISE_SECRETS_KEY, or MORTISE_SECRETS_KEY_FILE to the path of a file that holds it.`)
    }
    try {
      return readFileSync(keyFile, 'utf8').trim()
    } catch (error) {
      throw new SecretsFault(`${keyFile}: the key cannot be read: ${(error as Error).message}. Check MORTISE_SECRETS_KEY_FILE.`)
    }
  }

  #named<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw new SecretsFault(`${this.path}: ${(error as Error).message}`)
    }
  }
}

function replaceFile(path: string, text: string): void {
  const fresh = `${path}.${randomUUID()}`
  try {
    const file = openSync(fresh, 'wx', 0o600)
    try {
      writeSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(fresh, path)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
}

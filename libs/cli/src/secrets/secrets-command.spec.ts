import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { SecretsFile, type KeySource } from '@app/secrets'
import { secretsCommand } from './secrets-command.js'

const KEY = 'a key that nobody guesses in a hurry'

let root: string
let temporary: string | undefined
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mortise-secrets-command-'))
  mkdirSync(join(root, 'tmp'))
  temporary = process.env.TMPDIR
  process.env.TMPDIR = join(root, 'tmp')
})
afterEach(() => {
  if (temporary === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = temporary
  rmSync(root, { recursive: true, force: true })
})

const path = (): string => join(root, 'mortise.secrets')

/** Runs a command, and yields what it printed. @throws what it rejects with */
async function run(args: readonly string[], { input = '', editor, source = { key: KEY } }: { input?: string; editor?: string; source?: KeySource } = {}): Promise<string> {
  const printed: string[] = []
  const command = secretsCommand({ openFile: () => new SecretsFile(path(), source), editor, input: Readable.from([input]), print: (text) => printed.push(text) })
  await command.parseAsync([...args], { from: 'user' })
  return printed.join('\n')
}

const set = (plugin: string, name: string, input: string, source?: KeySource): Promise<string> => run(['set', plugin, name], { input, source })

/** Edits with an editor that is a few lines of shell; `$1` is the file. */
function edit(script: string): Promise<string> {
  writeFileSync(join(root, 'editor.sh'), `cd ${root}\n${script}`)
  return run(['edit'], { editor: `sh ${join(root, 'editor.sh')}` })
}

/** An editor that leaves this text. */
const write = (text: string): string => `cat > "$1" <<'END'\n${text}\nEND`

describe('secrets', () => {
  test('that are edited are encrypted, for their owner alone', async () => {
    expect(await edit(write('// of a test\n{ "shop": { "word": "sesame" }, "other": { "password": "hunter2" } }'))).toMatch(/mortise\.secrets is written\. A restart takes it up\./)
    const text = readFileSync(path(), 'utf8')
    for (const word of ['sesame', 'hunter2', 'shop', KEY]) expect(text).not.toContain(word)
    expect(statSync(path()).mode & 0o777).toBe(0o600)
    expect(await run(['show-names'])).toBe('shop  word\nother  password')
  })

  test('are shown again as they were written, to nobody else, and leave nothing behind', async () => {
    await edit(write('// mine\n{ "a": { "b": "sesame" } }'))
    await edit('cat "$1" > seen && stat -c %a "$1" > modes && stat -c %a "$(dirname "$1")" >> modes')
    expect(readFileSync(join(root, 'seen'), 'utf8')).toBe('// mine\n{ "a": { "b": "sesame" } }\n')
    expect(readFileSync(join(root, 'modes'), 'utf8')).toBe('600\n700\n')
    expect(readdirSync(join(root, 'tmp'))).toEqual([])
  })

  test('are set one at a time, up to the end of the input', async () => {
    await set('shop', 'word', 'open sesame\n')
    await set('checkout', 'key', 'two\nlines')
    expect(new SecretsFile(path(), { key: KEY }).read()).toEqual({ shop: { word: 'open sesame' }, checkout: { key: 'two\nlines' } })
  })

  test('are none without a file', async () => {
    expect(await run(['show-names'], { source: {} })).toBe('There are no secrets.')
  })

  test('under another key stay as they are', async () => {
    await set('shop', 'word', 'sesame')
    const before = readFileSync(path(), 'utf8')
    await expect(set('shop', 'word', 'lost', { key: 'another key that is long enough' })).rejects.toThrow(/The key is not the one that it was encrypted with/)
    await expect(run(['show-names'], { source: {} })).rejects.toThrow(/there is no key for it\. Set MORTISE_SECRETS_KEY/)
    expect(readFileSync(path(), 'utf8')).toBe(before)
  })

  test('are not set to nothing, under no name, or under a key that is too short', async () => {
    await expect(set('shop', 'word', '\n')).rejects.toThrow(/There is nothing on standard input/)
    await expect(set('__proto__', 'word', 'x')).rejects.toThrow(/cannot name a plugin or a secret/)
    await expect(set('shop', 'word', 'x', { key: 'short' })).rejects.toThrow(/at least 16 characters/)
    expect(existsSync(path())).toBe(false)
  })
})

describe('an editor', () => {
  test('that leaves a fault is shown it, and may mend it', async () => {
    await edit('if grep -q "// ! Line 1: a secret has to be a text in quotes" "$1"; then echo \'{"a":{"b":"1"}}\' > "$1"; else echo \'{"a":{"b":1}}\' > "$1"; fi')
    expect(await run(['show-names'])).toBe('a  b')
  })

  test('that mends the text below the fault saves it without the fault', async () => {
    await edit('if grep -q "^// ! " "$1"; then sed -i "s/7/\\"seven\\"/" "$1"; else echo \'{"a":{"b":7}}\' > "$1"; fi')
    expect(new SecretsFile(path(), { key: KEY }).readText()).toBe('{"a":{"b":"seven"}}\n')
  })

  test('that leaves a fault as it is saves nothing', async () => {
    await expect(edit('grep -q "^// ! " "$1" || echo "{ no" > "$1"')).rejects.toThrow(/Line 1: .*Nothing was saved/)
    expect(existsSync(path())).toBe(false)
  })

  test('that fails saves nothing', async () => {
    await expect(edit(`${write('{"a":{"b":"1"}}')}\nexit 3`)).rejects.toThrow(/ended with 3\. Nothing was saved/)
    expect([existsSync(path()), readdirSync(join(root, 'tmp'))]).toEqual([false, []])
  })

  test('that changes nothing writes nothing', async () => {
    expect(await edit('true')).toBe('Nothing was changed.')
    expect(existsSync(path())).toBe(false)
  })

  test('that is not named is asked for', async () => {
    await expect(run(['edit'])).rejects.toThrow(/Set VISUAL or EDITOR/)
  })
})

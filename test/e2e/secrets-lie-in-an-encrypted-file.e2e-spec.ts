import { execFileSync, spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { HostProcess, runCommand, runHost, type Outcome } from '../support/run-host.js'
import { asker, createProject } from '../support/start-host.js'

const KEY = 'a key that nobody guesses in a hurry'
const PLUGIN = 'that-tells-its-secrets'

let root: string
let host: HostProcess | undefined
beforeEach(() => { root = createProject([PLUGIN]) })
afterEach(async () => {
  await host?.stop('SIGKILL')
  host = undefined
  rmSync(root, { recursive: true, force: true })
})

function set(plugin: string, name: string, value: string): Promise<Outcome> {
  const command = new HostProcess('cli', { cwd: root, args: ['secrets', 'set', plugin, name], env: { MORTISE_SECRETS_KEY: KEY } })
  command.type(value)
  return command.ended
}

test('secrets reach their own plugin and no other, below those of the environment, and nobody else sees one', async () => {
  writeFileSync(join(root, 'key'), `${KEY}\n`)
  expect(await set(PLUGIN, 'word', 'sesame-2b\n')).toMatchObject({ code: 0, err: '' })
  await set(PLUGIN, 'other', 'of the file')
  await set('checkout', 'key', 'sesame-3c')
  expect(readFileSync(join(root, 'mortise.secrets'), 'utf8')).not.toMatch(/sesame|checkout/)

  const env = { MORTISE_SECRETS_KEY_FILE: 'key', MORTISE_LOGGING__LEVEL: 'silly', MORTISE_SECRETS__THAT_TELLS_ITS_SECRETS__OTHER: 'of the environment' }
  host = runHost(root, { env })
  const ask = asker(await host.listening())
  const tell = async (name: string): Promise<unknown> => (await ask('GET', `/_/${PLUGIN}/secrets/${name}`)).body.result
  expect(await tell('word')).toEqual({ value: 'sesame-2b', inEnvironment: [] })
  expect(await tell('other')).toEqual({ value: 'of the environment', inEnvironment: [] })
  expect(await tell('key')).toEqual({ value: null, inEnvironment: [] })
  for (const path of ['/', '/_serverInfo', '/_getConfig', '/_publicApi', '/_healthCheck']) expect((await ask('GET', path)).text).not.toMatch(/sesame|nobody guesses/)
  expect(host.out).not.toMatch(/sesame|nobody guesses/)
})

test('the key may come through a pipe, which is empty once the host has read it', async () => {
  await set(PLUGIN, 'word', 'sesame-2b')
  execFileSync('mkfifo', [join(root, 'key')])
  const writer = spawn('sh', ['-c', 'printf %s "$KEY" > key'], { cwd: root, env: { ...process.env, KEY } })
  host = runHost(root, { env: { MORTISE_SECRETS_KEY_FILE: 'key' } })
  const ask = asker(await host.listening())
  expect((await ask('GET', `/_/${PLUGIN}/secrets/word`)).body.result).toEqual({ value: 'sesame-2b', inEnvironment: [] })
  expect(writer.exitCode).toBe(0)
})

test('a host that cannot read them does not start, and says why', async () => {
  await set(PLUGIN, 'word', 'sesame')
  for (const [env, reason] of [[{}, /there is no key for it/], [{ MORTISE_SECRETS_KEY: 'another key that is long enough' }, /The key is not the one/]] as const) {
    const { code, err } = await runHost(root, { env }).ended
    expect([code, err]).toEqual([1, expect.stringMatching(reason)])
    expect(err).toContain(join(root, 'mortise.secrets'))
    expect(err).not.toMatch(/^\s+at /m)
  }
})

test('a file that was changed, or was never encrypted, is told as such', async () => {
  await set(PLUGIN, 'word', 'sesame')
  const file = join(root, 'mortise.secrets')
  const sealed = JSON.parse(readFileSync(file, 'utf8')) as { data: string }
  writeFileSync(file, JSON.stringify({ ...sealed, data: Buffer.from('{}').toString('base64') }))
  const env = { MORTISE_SECRETS_KEY: KEY }
  expect(await runCommand(root, ['secrets', 'show-names'], env)).toMatchObject({ code: 1, err: expect.stringMatching(/It was changed since it was encrypted, or is damaged/) })
  writeFileSync(file, '{ "checkout": { "key": "in the clear" } }')
  expect(await runCommand(root, ['secrets', 'show-names'], env)).toMatchObject({ code: 1, err: expect.stringMatching(/It is no encrypted secrets file(?!.*in the clear)/) })
})

test('an editor is ended with its command, and leaves nothing behind', async () => {
  mkdirSync(join(root, 'tmp'))
  writeFileSync(join(root, 'editor.sh'), 'echo opened; exec sleep 60')
  const env = { MORTISE_SECRETS_KEY: KEY, TMPDIR: join(root, 'tmp'), VISUAL: `exec sh ${join(root, 'editor.sh')}` }
  const command = new HostProcess('cli', { cwd: root, args: ['secrets', 'edit'], env })
  await command.said(/opened/)
  expect((await command.stop('SIGTERM')).code).toBe(1)
  expect(readdirSync(join(root, 'tmp'))).toEqual([])
})

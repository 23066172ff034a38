import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { runCommand, runHost, type HostProcess } from '../../support/run-host.js'
import { asker, createProject, type WireAnswer } from '../../support/start-host.js'

// Processes are started one after another.
jest.setTimeout(120_000)

const NAME = 'that-needs-a-greeting'

let root: string
let host: HostProcess
let ask: ReturnType<typeof asker>

/** Writes the configuration file as a person does, comments and all. */
const configure = (text: string): void => writeFileSync(join(root, 'mortise.config.json'), `// of a test\n${text}`)
const section = (keys: object, more: object = {}): string => JSON.stringify({ plugins: { [NAME]: keys, ...more } })
const reload = (): Promise<WireAnswer> => ask('POST', `/_plugins/${NAME}/_reload`)
const shown = async (): Promise<unknown> => (await ask('POST', '/_query', { body: { controller: `${NAME}/config`, action: 'show' } })).body.result

beforeAll(async () => {
  root = createProject([NAME])
  configure(section({ greeting: 'Hello' }))
  host = runHost(root)
  ask = asker(await host.listening())
})
afterAll(async () => {
  await host.stop('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

test('a plugin is reloaded with its section as it is now, in the file and over it in the environment', async () => {
  expect(await shown()).toMatchObject({ greeting: 'Hello', times: 1 })
  configure(section({ greeting: 'Salut', times: 3, isolation: 'process', budget: { timeout: 1_234 } }))
  expect(await shown()).toMatchObject({ greeting: 'Hello', times: 1 })
  expect(await runCommand(root, ['plugins', 'reload', NAME])).toMatchObject({ code: 0, err: '' })
  expect(await shown()).toMatchObject({ greeting: 'Salut', times: 3 })
  expect((await ask('GET', '/_plugins')).body.result.hits.find(({ name }: { name: string }) => name === NAME)).toMatchObject({ isolation: 'process' })
  expect((await ask('GET', '/_getConfig')).body.result.plugins[NAME]).toMatchObject({ greeting: 'Salut', budget: { timeout: 1_234 } })
  configure(section({ greeting: 'Hello' }))
  expect((await reload()).status).toBe(200)
  expect(await shown()).toMatchObject({ greeting: 'Hello', times: 1 })
})

test.each([
  ['a fault anywhere in the configuration', JSON.stringify({ server: { prot: 1 }, plugins: { [NAME]: { greeting: 'no' } } }), 'server.prot: there is no such key. Did you mean "port"?'],
  ['a text that is no JSON', '{ "plugins": ', 'mortise.config.json:2:'],
  ['a section that the plugin refuses', section({ greeting: 7 }), `plugins.${NAME}.greeting`],
])('%s leaves the plugin as it was, and is named', async (_, text, fault) => {
  configure(text)
  const { status, body: { error } } = await reload()
  expect([status, error.id, error.message]).toEqual([412, 'plugin.hotplug.refused', expect.stringContaining(`Plugin "${NAME}" stays as it was.`)])
  expect(error.message).toContain(fault)
  expect(error.message).not.toMatch(/^ +at .*:\d+:\d+\)?$/m)
  expect(await shown()).toMatchObject({ greeting: 'Hello' })
  configure(section({ greeting: 'Hello', times: 2 }))
  expect((await reload()).status).toBe(200)
  expect(await shown()).toMatchObject({ greeting: 'Hello', times: 2 })
})

test('plugins that are not reloaded keep the section they run with', async () => {
  configure(section({ greeting: 'Salut' }))
  mkdirSync(join(root, 'plugins/available'))
  symlinkSync(resolve('test/fixtures/plugins/that-greets'), join(root, 'plugins/available/that-greets'))
  expect((await ask('POST', '/_plugins/that-greets/_enable')).status).toBe(200)
  expect(await shown()).toMatchObject({ greeting: 'Hello' })
  expect((await ask('GET', '/_getConfig')).body.result.plugins[NAME]).toMatchObject({ greeting: 'Hello' })
})

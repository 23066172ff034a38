import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createHotProject, type HotProject } from '../../support/hot-project.js'
import { runCommand, runHost, type HostProcess, type Outcome } from '../../support/run-host.js'
import { asker } from '../../support/start-host.js'

let project: HotProject
let host: HostProcess
let ask: ReturnType<typeof asker>

const start = async (env: Record<string, string> = {}): Promise<void> => {
  host = runHost(project.root, { env })
  ask = asker(await host.listening())
}
const mortise = (...args: string[]): Promise<Outcome> => runCommand(project.root, args)
const wordOf = async (plugin = 'stamp'): Promise<unknown> => (await ask('GET', `/_/${plugin}/word`)).body?.result
const stamped = async (): Promise<unknown> => (await ask('GET', '/_now')).body.result.word

beforeEach(() => { project = createHotProject() })
afterEach(async () => {
  await host?.stop('SIGKILL')
  project.remove()
})

describe('in production', () => {
  test('a command brings a plugin into the host that runs, and out of it again', async () => {
    project.write('stamp', { word: 'one' })
    await start()
    expect(await stamped()).toBeUndefined()
    expect((await mortise('plugins', 'enable', 'stamp')).out).toContain('"stamp" is enabled and runs. It brings:\n  pipe      server:afterNow\n  action    stamp/word:say')
    expect([await stamped(), await wordOf()]).toEqual(['one', 'one'])
    expect(existsSync(join(project.root, 'plugins/enabled/stamp'))).toBe(true)
    expect((await mortise('plugins', 'enable', 'stamp')).out).toContain('runs already')
    expect((await mortise('plugins', 'disable', 'stamp')).out).toContain('"stamp" is disabled and has stopped.')
    expect([await stamped(), await wordOf()]).toEqual([undefined, null])
    expect(existsSync(join(project.root, 'plugins/enabled/stamp'))).toBe(false)
    expect((await ask('POST', '/_plugins/stamp/_enable')).status).toBe(200)
    expect(await stamped()).toBe('one')
  })

  test('changed code is not taken into the same process, and the answer says what to do', async () => {
    project.write('stamp', { word: 'one' })
    project.link('stamp')
    await start()
    expect((await mortise('plugins', 'reload', 'stamp')).out).toContain('"stamp" runs as it lies on disk now.')
    project.write('stamp', { word: 'two' })
    const { code, err } = await mortise('plugins', 'reload', 'stamp')
    expect([code, await stamped()]).toEqual([1, 'one'])
    expect(err).toMatch(/has changed since this process imported it[^]+do {4}Restart the host, or isolate the plugin/)
    await ask('POST', '/_plugins/stamp/_disable')
    expect((await ask('POST', '/_plugins/stamp/_enable')).body.error).toMatchObject({ id: 'plugin.hotplug.code_changed', status: 412 })
  })

  test('isolated plugins are reloaded with their new code', async () => {
    writeFileSync(join(project.root, 'mortise.config.json'), JSON.stringify({ plugins: { thread: { isolation: 'thread' }, process: { isolation: 'process' } } }))
    const names = ['thread', 'process']
    for (const name of names) {
      project.write(name, { word: 'one' })
      project.link(name)
    }
    await start()
    for (const name of names) {
      expect(await wordOf(name)).toBe('one')
      project.write(name, { word: 'two' })
      expect((await ask('POST', `/_plugins/${name}/_reload`)).body.error).toBeNull()
      expect(await wordOf(name)).toBe('two')
    }
    expect(await stamped()).toBe('two')
  }, 60_000)

  test('code that a plugin was reloaded with in a process of its own is not taken for what this process has in memory', async () => {
    const configure = (isolation: string): void => writeFileSync(join(project.root, 'mortise.config.json'), JSON.stringify({ plugins: { stamp: { isolation } } }))
    configure('process')
    project.write('stamp', { word: 'one' })
    project.link('stamp')
    await start()
    project.write('stamp', { word: 'two' })
    expect((await mortise('plugins', 'reload', 'stamp')).code).toBe(0)
    configure('inline')
    expect((await ask('POST', '/_plugins/stamp/_reload')).body.error).toMatchObject({ id: 'plugin.hotplug.code_changed', status: 412 })
    expect([await stamped(), await wordOf()]).toEqual(['two', 'two'])
    configure('thread')
    expect((await ask('POST', '/_plugins/stamp/_reload')).status).toBe(200)
    expect([await stamped(), await wordOf()]).toEqual(['two', 'two'])
  }, 60_000)

  test.each<[string, string, string]>([
    ['ends its process while it is imported', 'process.exit(7)', 'it ended its process with exit code 7'],
    ['throws while it is imported', 'throw new Error("no luck")', 'no luck'],
  ])('a plugin that %s stays out, the host goes on, and the command tells why', async (_, onImport, reason) => {
    project.write('stamp', { word: 'one', onImport })
    const command = await mortise('plugins', 'enable', 'stamp')
    expect([command.code, command.err]).toEqual([1, expect.stringContaining(reason)])
    await start()
    const { status, body } = await ask('POST', '/_plugins/stamp/_enable')
    expect([status, body.error.message]).toEqual([412, expect.stringContaining(reason)])
    expect(body.error.message).toContain('Plugin "stamp" stays disabled.')
    expect((await ask('GET', '/_now')).status).toBe(200)
    expect(existsSync(join(project.root, 'plugins/enabled/stamp'))).toBe(false)
  })
})

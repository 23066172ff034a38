import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { gone, isAlive } from '../../support/processes.js'
import { runCommand, runHost, type HostProcess, type Outcome } from '../../support/run-host.js'
import { asker, createProject } from '../../support/start-host.js'
import { readJsonLines } from '../../support/read-json-lines.js'
import { until } from '../../support/until.js'

const NAME = 'classic-that-works-aside'

/** What the fixture notes. */
interface Note {
  readonly kind: 'init' | 'heard' | 'overheard'
  readonly pid: number
  readonly event?: string
  readonly message?: { readonly data: Record<string, unknown>; readonly options: Record<string, unknown> }
  readonly [fact: string]: unknown
}

let root: string
let host: HostProcess
let ask: ReturnType<typeof asker>

beforeEach(() => {
  root = createProject()
  mkdirSync(join(root, 'plugins/available'))
  cpSync(resolve('test/fixtures/plugins', NAME), join(root, 'plugins/available', NAME), { recursive: true })
  symlinkSync(join('../available', NAME), join(root, 'plugins/enabled', NAME))
})
afterEach(async () => {
  await host.stop('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

function configure(section: Record<string, unknown>, common: Record<string, unknown> = {}): void {
  writeFileSync(join(root, 'mortise.config.json'), JSON.stringify({ plugins: { common: { initTimeout: 30_000, ...common }, [NAME]: { file: join(root, 'notes'), ...section } } }))
}

async function start(section: Record<string, unknown>, common?: Record<string, unknown>): Promise<void> {
  configure(section, common)
  host = runHost(root, { env: { MORTISE_LOGGING__LEVEL: 'info' } })
  ask = asker(await host.listening())
  await ask('POST', '/trial/_create')
  await ask('PUT', '/trial/things')
}

const mortise = (...words: string[]): Promise<Outcome> => runCommand(root, words)
const notes = (): Note[] => readJsonLines(join(root, 'notes'))
const heard = (event = 'document:afterCreate'): Note[] => notes().filter((note) => note.kind === 'heard' && note.event === event)
const starts = (): number[] => notes().filter(({ kind }) => kind === 'init').map(({ pid }) => pid)
const create = (id: string, body: Record<string, unknown> = {}) => ask('POST', `/trial/things/${id}/_create`, { body })
const idsOf = (some: readonly Note[]): unknown[] => some.map(({ message }) => message?.data._id)


describe('a classic plugin with threads', () => {
  test('is initialised in each process with the small context, and told of each event in one of them, in turn', async () => {
    await start({ threads: 3 })
    expect(new Set(starts()).size).toBe(3)
    expect(starts()).not.toContain(host.pid)
    for (const note of notes().filter(({ kind }) => kind === 'init')) {
      expect(note).toMatchObject({
        config: { mark: 'aside', threads: 3, file: join(root, 'notes') }, context: ['config', 'constructors', 'errors'], version: '1.12.0', isError: true,
        constructors: expect.not.arrayContaining(['Repository']), storage: expect.any(Object),
      })
    }
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) await create(id)
    const told = await until(() => heard(), ({ length }) => length >= 6)
    expect(idsOf(told).sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
    expect(starts().map((pid) => told.filter((note) => note.pid === pid).length)).toEqual([2, 2, 2])
  }, 60_000)

  test('gets requests as plain objects with the event, and other payloads as they are', async () => {
    await start({ threads: 1 })
    await create('a', { size: 4 })
    const [note] = await until(() => heard(), ({ length }) => length === 1)
    expect(note).toMatchObject({
      isRequest: false, given: 2,
      message: { data: { controller: 'document', action: 'create', index: 'trial', collection: 'things', _id: 'a', body: { size: 4 } }, options: { status: 200, result: { _id: 'a' }, user: { _id: '-1' }, connection: { protocol: 'http' } } },
    })
    expect(await until(() => heard('core:kuzzleStart'), ({ length }) => length === 1)).toMatchObject([{ given: 2 }])
  }, 60_000)

  test('has its hooks bound alone, and the log says what is left out', async () => {
    await start({ threads: 2 })
    expect((await create('a')).body.result._source).not.toHaveProperty('mark')
    expect((await ask('GET', `/_plugin/${NAME}/recall`)).status).toBe(412)
    await ask('GET', '/_now')
    await until(() => heard('server:afterNow'), ({ length }) => length === 1)
    expect(notes().filter(({ kind }) => kind === 'overheard')).toEqual([])
    expect(host.out.match(/where only hooks[^"]*/g)).toHaveLength(1)
    expect(host.out).toMatch(/runs in 2 processes of its own, where only hooks on single events work: the hook on \\"document:\*\\", \\"pipes\\" \(document:beforeCreate\), \\"controllers\\" \(memory\), \\"routes\\" are ignored/)
  }, 60_000)

  test('is said to run in a process, to whoever asks', async () => {
    await start({ threads: 2 })
    expect((await ask('GET', '/_explain?event=document:afterCreate')).body.result.listeners).toMatchObject([{ kind: 'hook', plugin: NAME, place: 'ClassicThatWorksAside.hear', runs: 'process' }])
    expect((await mortise('explain', 'document:afterCreate')).out).toMatch(/hook +classic-that-works-aside\.hear +normal +process/)
    expect((await ask('GET', '/_plugins')).body.result.hits).toMatchObject([{ name: NAME, kind: 'classic', isolation: 'process' }])
  }, 60_000)

  test.each([
    ['throws where nothing catches', 'throw', /is down: it threw where nothing catches: the ladder fell/],
    ['ends its process', 'exit', /is down: it ended with exit code 4/],
    ['never comes to an end', 'hang', /is down: it has not answered for 3000 ms/],
  ])('that %s harms nobody: the others are told meanwhile, and it runs again', async (_, deed, reason) => {
    await start({ threads: 2 })
    const [one, other] = starts()
    expect((await create('bad', { deed })).status).toBe(200)
    await host.said(reason)
    const [bad] = heard()
    expect((await create('during')).status).toBe(200)
    const during = await until(() => heard().find(({ message }) => message?.data._id === 'during'), Boolean)
    expect(during?.pid).toBe(bad?.pid === one ? other : one)
    await host.said(/runs again/)
    for (const id of ['x', 'y']) await create(id)
    const after = await until(() => heard().slice(2), ({ length }) => length === 2)
    expect(new Set(after.map(({ pid }) => pid)).size).toBe(2)
    expect(after.map(({ pid }) => pid)).not.toContain(bad?.pid)
    expect((await ask('GET', '/_now')).status).toBe(200)
  }, 60_000)

  test('whose hook throws has its error logged, and goes on', async () => {
    await start({ threads: 1 })
    await create('bad', { deed: 'fail' })
    await host.said(/no ladder at hand/)
    await create('good')
    expect(new Set((await until(() => heard(), ({ length }) => length === 2)).map(({ pid }) => pid)).size).toBe(1)
  }, 60_000)

  test('that keeps crashing comes into quarantine, until it is let out', async () => {
    await start({ threads: 1 }, { quarantineAfter: 2 })
    await create('one', { deed: 'exit' })
    await host.said(/runs again/)
    await create('two', { deed: 'exit' })
    await host.said(/is put into quarantine: it went down 2 times in a row, at last because it ended with exit code 4/)
    expect((await create('unheard')).status).toBe(200)
    expect(starts().filter(isAlive)).toEqual([])
    expect((await mortise('plugins', 'resume', NAME)).code).toBe(0)
    await until(() => starts(), ({ length }) => length === 3)
    await until(async () => {
      await ask('GET', '/_now')
      return heard('server:afterNow')
    }, ({ length }) => length > 0)
    expect(idsOf(heard())).toEqual(['one', 'two'])
  }, 60_000)

  test('has its processes ended when it is disabled, reloaded, and when the host stops', async () => {
    await start({ threads: 2 })
    const first = starts()
    expect((await mortise('plugins', 'reload', NAME)).code).toBe(0)
    await gone(first)
    const second = starts().filter(isAlive)
    expect(second).toHaveLength(2)
    expect((await ask('POST', `/_plugins/${NAME}/_disable`)).status).toBe(200)
    await gone(second)
    expect((await create('unheard')).status).toBe(200)
    expect((await ask('POST', `/_plugins/${NAME}/_enable`)).status).toBe(200)
    await create('a')
    expect(idsOf(await until(() => heard(), ({ length }) => length === 1))).toEqual(['a'])
    const third = starts().filter(isAlive)
    expect(third).toHaveLength(2)
    expect((await host.stop()).code).toBe(0)
    await gone(third)
  }, 60_000)

  test('is reloaded with its new code', async () => {
    await start({ threads: 1 })
    const code = join(root, 'plugins/available', NAME, 'index.js')
    writeFileSync(code, readFileSync(code, 'utf8').replace("kind: 'heard'", "kind: 'heard', isNew: true"))
    expect(await mortise('plugins', 'reload', NAME)).toMatchObject({ code: 0 })
    await create('a')
    expect(await until(() => heard(), ({ length }) => length === 1)).toMatchObject([{ isNew: true }])
  }, 60_000)

  test('has as many processes as are configured when it is reloaded, and with none works in the host with all it declares', async () => {
    await start({ threads: 1 })
    const reload = async (threads: number): Promise<number[]> => {
      const before = starts()
      configure({ threads })
      expect((await ask('POST', `/_plugins/${NAME}/_reload`)).body.error).toBeNull()
      await gone(before.filter((pid) => pid !== host.pid))
      return starts().slice(before.length)
    }
    expect(new Set(await reload(3)).size).toBe(3)
    for (const id of ['a', 'b', 'c']) await create(id)
    expect(new Set((await until(() => heard(), ({ length }) => length === 3)).map(({ pid }) => pid)).size).toBe(3)
    expect(await reload(0)).toEqual([host.pid])
    expect((await create('d')).body.result._source).toMatchObject({ mark: 'aside' })
    expect((await ask('GET', `/_plugin/${NAME}/recall`)).body.result).toBe('from the host')
    const [pid] = await reload(1)
    expect((await create('e')).body.result._source).not.toHaveProperty('mark')
    expect((await until(() => heard(), ({ length }) => length === 5)).map((note) => note.pid).slice(3)).toEqual([host.pid, pid])
  }, 60_000)

  test('keeps its processes when it is to be reloaded with a number of them that makes no sense', async () => {
    await start({ threads: 1 })
    configure({ threads: 1.5 })
    expect(await mortise('plugins', 'reload', NAME)).toMatchObject({ code: 1, err: expect.stringMatching(/stays as it was[^]+its "threads" is 1\.5/) })
    await create('a')
    expect((await until(() => heard(), ({ length }) => length === 1))[0]?.pid).toBe(starts()[0])
  }, 60_000)

  test('is enabled with code that changed while it was disabled, but not in the host, which has the old code in memory', async () => {
    await start({ threads: 1 })
    const code = join(root, 'plugins/available', NAME, 'index.js')
    expect((await ask('POST', `/_plugins/${NAME}/_disable`)).status).toBe(200)
    writeFileSync(code, readFileSync(code, 'utf8').replace("kind: 'heard'", "kind: 'heard', isNew: true"))
    expect((await ask('POST', `/_plugins/${NAME}/_enable`)).body.error).toBeNull()
    await create('a')
    expect(await until(() => heard(), ({ length }) => length === 1)).toMatchObject([{ isNew: true }])
    configure({ threads: 0 })
    expect((await ask('POST', `/_plugins/${NAME}/_reload`)).body.error).toMatchObject({ id: 'plugin.hotplug.code_changed' })
    await create('b')
    expect(await until(() => heard(), ({ length }) => length === 2)).toMatchObject([{ isNew: true }, { isNew: true }])
  }, 60_000)

  test('leaves no process behind when the host is killed', async () => {
    await start({ threads: 2 })
    await host.stop('SIGKILL')
    await gone(starts())
  }, 60_000)
})

describe('threads', () => {
  test.each([
    ['two', {}, /plugin\.worker\.cannot_isolate: Plugin "classic-that-works-aside" cannot be isolated: its "threads" is "two"\.\n +at +the configuration → plugins\.classic-that-works-aside\.threads\n +do +Let it be a whole number/],
    [-1, {}, /its "threads" is -1/],
    [1.5, {}, /its "threads" is 1\.5/],
    [2, { isolation: 'thread' }, /it has "threads", which are processes, and the isolation "thread"/],
    [2, { refuses: true }, /plugin\.runtime\.failed_init: .*no room aside/],
  ])('of %p stop the start when they cannot be had: %j', async (threads, section, report) => {
    configure({ threads, ...section })
    host = runHost(root)
    const { code, err } = await host.ended
    expect(code).toBe(1)
    expect(err).toMatch(report)
    expect(starts().filter(isAlive)).toEqual([])
  }, 60_000)

  test.each([
    ['of 0', { threads: 0 }, false],
    ['of a plugin for later hosts', { threads: 2, kuzzleVersion: '^1.5.0' }, true],
  ])('%s leave it in the host with all it declares', async (_, section, isTold) => {
    await start(section)
    expect((await create('a')).body.result._source).toMatchObject({ mark: 'aside' })
    expect((await ask('GET', `/_plugin/${NAME}/recall`)).body.result).toBe('from the host')
    expect(starts()).toEqual([host.pid])
    expect(/puts hooks of plugins for hosts of 1\.0 into processes; this one is for \^1\.5\.0 and runs inline/.test(host.out)).toBe(isTold)
  }, 60_000)
})

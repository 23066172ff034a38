import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import Database from 'libsql'
import { openSocket } from '../support/start-doors.js'
import { startHost, type StartedHost } from '../support/start-host.js'
import { runHost } from '../support/run-host.js'

const ORDERS = '/shop/orders'
const many = Array.from({ length: 100 }, (_, n) => ({ body: { n, text: 'x'.repeat(5000) } }))
const unreachable = { status: 503, body: { status: 503, error: { id: 'services.storage.not_connected', status: 503 }, result: null } }

/** Small disks and files that may not be written need the rights of an administrator. */
const isRoot = process.getuid?.() === 0
const suite = isRoot || process.env.CI === 'true' ? describe : describe.skip

let folder: string
let host: StartedHost | undefined
let undo: (() => void)[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mortise-trouble-'))
  undo = [() => rmSync(folder, { recursive: true, force: true })]
})

afterEach(async () => {
  await host?.close()
  host = undefined
  for (const step of undo.reverse()) step()
})

/** A host with one document, on a file in the folder. */
async function startWithOneDocument(file = 'store.sqlite'): Promise<StartedHost> {
  host = await startHost({ config: { storage: { path: join(folder, file) } } })
  await host.ask('PUT', ORDERS)
  await host.ask('POST', `${ORDERS}/before/_create`, { body: { n: 1 } })
  return host
}

/** Writes in each way are refused as a whole, over both doors, and the host says that it is not well; reads go on. */
async function expectOnlyReads({ ask, port }: StartedHost): Promise<void> {
  expect(await ask('POST', `${ORDERS}/while/_create`, { body: {} })).toMatchObject(unreachable)
  expect(await ask('POST', `${ORDERS}/_mCreate`, { body: { documents: many } })).toMatchObject(unreachable)
  expect(await ask('PUT', `${ORDERS}/_mUpdate`, { body: { documents: [{ _id: 'before', body: { n: 2 } }] } })).toMatchObject(unreachable)
  expect(await ask('DELETE', `${ORDERS}/_mDelete`, { body: { ids: ['before'] } })).toMatchObject(unreachable)
  expect(await ask('POST', `${ORDERS}/_bulk`, { body: { bulkData: [{ index: { _id: 'while' } }, {}] } })).toMatchObject(unreachable)
  expect(await ask('GET', '/_healthCheck')).toMatchObject({ status: 503, body: { result: { services: { storageEngine: 'red' } } } })
  expect(await ask('GET', `${ORDERS}/before`)).toMatchObject({ status: 200, body: { result: { _source: { n: 1 } } } })
  expect(await ask('POST', `${ORDERS}/_count`, { body: {} })).toMatchObject({ status: 200, body: { result: { count: 1 } } })
  const socket = await openSocket(port)
  expect(await socket.ask({ controller: 'document', action: 'create', index: 'shop', collection: 'orders', _id: 'while', body: {} })).toMatchObject(unreachable.body)
  socket.socket.terminate()
}

/** What was refused left nothing behind, and everything works again. */
async function expectRecovery({ ask }: StartedHost): Promise<void> {
  expect(await ask('GET', `${ORDERS}/while/_exists`)).toMatchObject({ body: { result: false } })
  expect(await ask('POST', `${ORDERS}/while/_create`, { body: {} })).toMatchObject({ status: 200 })
  expect((await ask('POST', `${ORDERS}/_mCreate`, { body: { documents: many } })).body.result).toMatchObject({ successes: { length: 100 }, errors: [] })
  expect(await ask('POST', `${ORDERS}/_count`, { body: {} })).toMatchObject({ body: { result: { count: 102 } } })
  expect(await ask('GET', '/_healthCheck')).toMatchObject({ status: 200, body: { result: { status: 'green' } } })
}

suite('a host on a machine in trouble', () => {
  test('whose disk is full refuses to write, goes on reading, and writes again when there is room', async () => {
    const disk = mountDisk()
    const started = await startWithOneDocument('disk/store.sqlite')
    expect(() => writeFileSync(join(disk, 'ballast'), Buffer.alloc(8_000_000))).toThrow('ENOSPC')
    await expectOnlyReads(started)
    rmSync(join(disk, 'ballast'))
    await expectRecovery(started)
  })

  test('whose disk has no room for all of many documents stores none of them', async () => {
    const disk = mountDisk()
    const { ask } = await startWithOneDocument('disk/store.sqlite')
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(3_350_000))
    expect(await ask('POST', `${ORDERS}/_mCreate`, { body: { documents: many } })).toMatchObject(unreachable)
    expect(await ask('POST', `${ORDERS}/_count`, { body: {} })).toMatchObject({ body: { result: { count: 1 } } })
    expect(await ask('POST', `${ORDERS}/small/_create`, { body: {} })).toMatchObject({ status: 200 })
  })

  test('whose files may not be written any more refuses to write, goes on reading, and writes again when they may', async () => {
    const started = await startWithOneDocument()
    const files = ['store.sqlite', 'store.sqlite-wal'].map((file) => join(folder, file))
    const setImmutable = (sign: '+' | '-'): void => void execFileSync('chattr', [`${sign}i`, ...files])
    setImmutable('+')
    undo.push(() => setImmutable('-'))
    await expectOnlyReads(started)
    setImmutable('-')
    await expectRecovery(started)
  })

  test('does not start on a disk that may not be written, and says what to do', async () => {
    const disk = mountDisk()
    const first = runHost(folder, { env: { MORTISE_STORAGE__PATH: 'disk/store.sqlite' } })
    await first.listening()
    await first.stop()
    execFileSync('mount', ['-o', 'remount,ro', disk])
    await expectRefusal('disk/store.sqlite', /^services\.storage\.not_connected: .*\n {2}at {4}\/.*store\.sqlite\n {2}do {4}The database file (is read-only|cannot be opened)/)
  })

  /** A disk of its own, small enough to be filled. */
  function mountDisk(): string {
    const disk = join(folder, 'disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk])
    // The driver lets go of a closed file only when its memory is reclaimed.
    undo.push(() => execFileSync('umount', ['--lazy', disk]))
    return disk
  }
})

describe('a host', () => {
  test('whose file another program holds locked refuses to write after a while, goes on reading, and writes again when it is free', async () => {
    const started = await startWithOneDocument()
    const other = new Database(join(folder, 'store.sqlite'))
    undo.push(() => other.close())
    other.exec('begin immediate')
    const { ask } = started
    const refused = ask('POST', `${ORDERS}/while/_create`, { body: {} })
    expect(await ask('GET', `${ORDERS}/before`)).toMatchObject({ status: 200 })
    expect(await refused).toMatchObject(unreachable)
    other.exec('rollback')
    await expectRecovery(started)
  })

  test('does not start on a file that is no database, and says what to do', async () => {
    writeFileSync(join(folder, 'store.sqlite'), 'This is no database at all. '.repeat(50))
    await expectRefusal('store.sqlite', /^services\.storage\.not_connected: .*\n {2}at {4}\/.*store\.sqlite\n {2}do {4}The file is no SQLite database\. Set another path, or restore it from a backup\.\n$/)
  })

  test('does not start on a store that a newer version has used', async () => {
    await startWithOneDocument()
    await host?.close()
    host = undefined
    const newer = new Database(join(folder, 'store.sqlite'))
    newer.exec(`insert into migrations values (99, 'from the future', '2100-01-01')`)
    newer.close()
    await expectRefusal('store.sqlite', /version 99.*versions up to \d+/s)
  })
})

/** The process ends with 1 and tells a person the fault, without a stack. */
async function expectRefusal(file: string, words: RegExp): Promise<void> {
  const process = runHost(folder, { env: { MORTISE_STORAGE__PATH: file } })
  undo.push(() => void process.stop('SIGKILL'))
  const { code, out, err } = await process.ended
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(words)
  expect(err).not.toMatch(/^ {4}at /m)
}

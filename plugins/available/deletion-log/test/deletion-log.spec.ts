import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createTestHost, type TestHost } from '@mortise/sdk/testing'
import DeletionLog from '../src/index.js'

let folder: string
let host: TestHost

const start = async (file: string): Promise<void> => {
  host = await createTestHost({ plugins: [DeletionLog], config: { 'deletion-log': { file } } })
  await host.createCollection('shop', 'orders')
}

beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'deletion-log-')) })
afterEach(async () => {
  await host.close()
  await rm(folder, { recursive: true })
})

/** Closing the host writes what is under way, which makes the file readable without waiting. */
async function linesOf(file: string): Promise<Record<string, unknown>[]> {
  await host.close()
  return (await readFile(file, 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
}

test('each deletion is a line: when, who and which document', async () => {
  const file = join(folder, 'logs', 'deletions.log')
  await start(file)
  for (const id of ['a', 'b']) await host.document.create('shop', 'orders', {}, id)
  await host.document.delete('shop', 'orders', 'a')
  await host.document.delete('shop', 'orders', 'b')
  expect(await linesOf(file)).toEqual(['a', 'b'].map((_id) => ({ at: expect.stringMatching(/^\d{4}-/), by: '-1', index: 'shop', collection: 'orders', _id })))
})

test('many deletions at once are a line each', async () => {
  const file = join(folder, 'deletions.log')
  await start(file)
  for (const id of ['a', 'b']) await host.document.create('shop', 'orders', {}, id)
  await host.call({ controller: 'document', action: 'mDelete', index: 'shop', collection: 'orders', body: { ids: ['a', 'ghost', 'b'] } })
  expect((await linesOf(file)).map(({ _id }) => _id)).toEqual(['a', 'b'])
})

test('a deletion that fails is not logged', async () => {
  const file = join(folder, 'deletions.log')
  await start(file)
  await expect(host.document.delete('shop', 'orders', 'ghost')).rejects.toMatchObject({ status: 404 })
  await host.close()
  await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a log that cannot be written disturbs nobody, and the fault is told under the plugin\'s name', async () => {
  await writeFile(join(folder, 'taken'), '')
  await start(join(folder, 'taken', 'deletions.log'))
  await host.document.create('shop', 'orders', {}, 'a')
  await host.document.delete('shop', 'orders', 'a')
  await host.close()
  expect(host.logs).toContainEqual(expect.objectContaining({ level: 'error', message: expect.stringContaining('plugin "deletion-log"') }))
})

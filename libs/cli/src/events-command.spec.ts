import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openDocumentStore, type DocumentStore } from '@app/storage'
import { eventsCommand } from './events-command.js'
import { Misuse, Refusal } from './refusal.js'

let folder: string
let printed: string[]

async function openStore(): Promise<DocumentStore> {
  const store = openDocumentStore({ path: join(folder, 'store.sqlite') })
  await store.start()
  return store
}

async function run(...words: string[]): Promise<string> {
  await eventsCommand({ openStore, print: (text) => printed.push(text) }).parseAsync(words, { from: 'user' })
  return printed.splice(0).join('\n')
}

/** Dead letters `a` and `b` of one plugin, `c` of another. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mortise-events-'))
  printed = []
  const store = await openStore()
  const recorder = ({ document: { _id } }: { document: { _id: string } }) =>
    [{ key: _id, plugin: _id === 'c' ? 'mails' : 'bills', listener: 'It.hear', event: 'generic:document:afterWrite', entity: `shop/orders/${_id}`, payload: '{}' }]
  await store.createCollection({ index: 'shop', collection: 'orders' })
  await store.mCreate({ index: 'shop', collection: 'orders', recorder }, ['a', 'b', 'c'].map((_id) => ({ _id, body: {} })))
  for (const { n } of await store.outbox.claim({ listeners: ['It.hear'], owner: 'me', now: 1, until: 2, entities: 9 })) await store.outbox.fail('me', { n, error: 'no\nwhy' })
  await store.close()
})
afterEach(() => rmSync(folder, { recursive: true }))

test('failed deliveries are shown as lines, those of one plugin, or as JSON', async () => {
  expect((await run('failed')).split('\n')).toEqual(['a', 'b', 'c'].map((key) =>
    expect.stringMatching(new RegExp(`^${key}  It\\.hear  generic:document:afterWrite  shop/orders/${key}  1 attempts  \\d{4}-\\S+Z  no$`))))
  expect((await run('failed', '--plugin', 'mails')).split('\n')).toHaveLength(1)
  expect(JSON.parse(await run('failed', '--json'))).toMatchObject({ total: 3, deliveries: [{ key: 'a' }, {}, {}], listeners: [{ plugin: 'bills', dead: 2 }, { plugin: 'mails' }] })
})

test('some are retried and some dropped, and nothing is left', async () => {
  expect(await run('retry', 'a', 'unknown')).toBe('1 delivery is retried.')
  expect(await run('drop', '--plugin', 'bills', '--json')).toBe('{"dropped":1}')
  expect(await run('drop', '--all')).toBe('1 delivery is dropped.')
  expect(await run('failed')).toBe('Nothing has failed for good.')
})

test.each(['retry', 'drop'])('%s has to be told which', async (command) => {
  await expect(run(command)).rejects.toBeInstanceOf(Misuse)
  expect((await run('failed')).split('\n')).toHaveLength(3)
})

test.each(['retry', 'drop'])('%s refuses keys of which nothing has failed', async (command) => {
  const refused = run(command, 'nobody', 'neither')
  await expect(refused).rejects.toThrow('Nothing that failed has the key "nobody" or "neither". "mortise events failed" shows what has.')
  await expect(refused).rejects.not.toBeInstanceOf(Misuse)
  await expect(refused).rejects.toBeInstanceOf(Refusal)
})

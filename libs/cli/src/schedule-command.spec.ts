import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openDocumentStore, type DocumentStore } from '@app/storage'
import { scheduleCommand } from './schedule-command.js'

let folder: string

async function openStore(): Promise<DocumentStore> {
  const store = openDocumentStore({ path: join(folder, 'store.sqlite') })
  await store.start()
  return store
}

async function run(...words: string[]): Promise<string> {
  const printed: string[] = []
  await scheduleCommand({ openStore, print: (text) => printed.push(text) }).parseAsync(words, { from: 'user' })
  return printed.join('\n')
}

beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'mortise-schedule-')) })
afterEach(() => rmSync(folder, { recursive: true }))

test('an empty schedule says so', async () => {
  expect([await run('list'), await run('runs')]).toEqual(['Nothing is scheduled.', 'Nothing has run yet.'])
})

test('jobs and runs are shown as lines or as JSON', async () => {
  const store = await openStore()
  for (const plugin of ['bills', 'mails']) await store.schedules.add({ job: `${plugin}/It.run`, plugin, now: 0 })
  const n = await store.schedules.claim({ job: 'bills/It.run', plannedAt: 1000, owner: 'me', now: 1005, until: 2000 })
  await store.schedules.end({ n: n!, job: 'bills/It.run', owner: 'me', endedAt: 1015, error: 'no\nwhy' })
  await store.schedules.claim({ job: 'mails/It.run', plannedAt: 2000, owner: 'me', now: 2000, until: Number.MAX_SAFE_INTEGER })
  await store.close()
  expect(await run('list')).toBe('bills/It.run  1970-01-01T00:00:01.000Z  idle\nmails/It.run  1970-01-01T00:00:02.000Z  running')
  expect(await run('runs', '--plugin', 'bills')).toBe('1970-01-01T00:00:01.000Z  bills/It.run  failed  10 ms  me  no')
  expect(await run('runs', '--job', 'mails/It.run')).toBe('1970-01-01T00:00:02.000Z  mails/It.run  running  -  me')
  expect(JSON.parse(await run('runs', '--json'))).toMatchObject([{ job: 'mails/It.run', endedAt: null }, { job: 'bills/It.run', error: 'no\nwhy' }])
  expect(JSON.parse(await run('list', '--json'))).toMatchObject([{ isRunning: false }, { isRunning: true }])
})

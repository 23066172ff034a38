import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Request } from '@mortise/sdk'
import { toRequest } from '../../../../test/support/call-action.js'
import { startBuiltIns, type StartedBuiltIns } from '../../../../test/support/start-built-ins.js'

let host: StartedBuiltIns

beforeEach(async () => {
  host = await startBuiltIns()
  const { schedules } = host.store
  for (const plugin of ['bills', 'mails']) {
    const job = `${plugin}/It.run`
    await schedules.add({ job, plugin, now: 1 })
    const n = await schedules.claim({ job, plannedAt: 10, owner: 'me', now: 11, until: 12 })
    if (plugin === 'bills') await schedules.end({ n: n!, job, owner: 'me', endedAt: 13, error: 'no' })
  }
})
afterEach(() => host.stop())

const get = async (url: string): Promise<unknown> => (await host.pipeline.run(toRequest(host.registry, { method: 'GET', url }) as Request)).result

test('jobs and their runs are shown, the latest run first', async () => {
  expect(await get('/schedule/_list')).toEqual({ jobs: [
    { job: 'bills/It.run', plugin: 'bills', lastPlannedAt: 10, isRunning: false }, { job: 'mails/It.run', plugin: 'mails', lastPlannedAt: 10, isRunning: false },
  ] })
  expect(await get('/schedule/_runs')).toEqual({ total: 2, runs: [
    { job: 'mails/It.run', plannedAt: 10, startedAt: 11, endedAt: null, status: 'running', error: null, owner: 'me' },
    { job: 'bills/It.run', plannedAt: 10, startedAt: 11, endedAt: 13, status: 'failed', error: 'no', owner: 'me' },
  ] })
})

test('runs are shown in pages, of one plugin or one job', async () => {
  expect(await get('/schedule/_runs?from=1&size=1')).toMatchObject({ total: 2, runs: [{ job: 'bills/It.run' }] })
  expect(await get('/schedule/_runs?plugin=mails')).toMatchObject({ total: 1, runs: [{ job: 'mails/It.run' }] })
  expect(await get('/schedule/_runs?job=bills/It.run')).toMatchObject({ total: 1, runs: [{ status: 'failed' }] })
})

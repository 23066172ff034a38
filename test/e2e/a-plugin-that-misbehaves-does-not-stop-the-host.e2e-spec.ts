import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { Controller, Get, Hook, Plugin } from '@mortise/sdk'
import { startHost, type StartedHost } from '../support/start-host.js'

/** Controllers that the classic plugin's pipes listen to, one for each way to answer badly. */
const WAYS = ['good', 'twice', 'mixed', 'late', 'string', 'refused', 'foreign', 'silent', 'empty']

const controllers = WAYS.map((way) => {
  @Controller(way)
  class ShopController {
    @Get()
    run() { return 'sold' }
  }
  return ShopController
})

/** What `hook:onError` tells. */
const failures: { error: Error; event: string; pluginName: string }[] = []

@Plugin({ name: 'shop', controllers })
class Shop {
  @Hook('hook:onError')
  hear(failure: (typeof failures)[number]) { failures.push(failure) }
}

let host: StartedHost
beforeAll(async () => {
  host = await startHost({ enabled: ['that-misbehaves', 'classic-that-calls-back'], plugins: [Shop], config: { plugins: { 'classic-that-calls-back': { pipeTimeout: 30 } } } })
})
afterAll(() => host.close())

afterEach(async () => {
  expect((await host.ask('GET', '/_now')).status).toBe(200)
})

const act = (name: string) => host.ask('GET', `/_/that-misbehaves/acts/${name}`)
const buy = (way: string) => host.ask('GET', `/_/shop/${way}`)

describe('a decorated pipe', () => {
  test.each([
    ['gives nothing back', 'giveNothing', 'gave nothing back'],
    ['throws a text', 'throwText', 'just a text'],
    ['throws nothing', 'throwNothing', 'that-misbehaves'],
    ['throws what cannot be printed', 'throwObject', 'that-misbehaves'],
  ])('that %s ends the request with 500 and the plugin\'s name', async (_title, action, words) => {
    const { status, body } = await act(action)
    expect(status).toBe(500)
    expect(body.error).toMatchObject({ id: 'plugin.runtime.unexpected_error', status: 500, message: expect.stringContaining(words) })
    expect(body.error.message).toContain('that-misbehaves')
  })

  test.each(['neverAnswer', 'answerLate'])('that does not answer in time ends the request with 504 and the names of plugin and event: %s', async (action) => {
    const { status, body } = await act(action)
    expect(status).toBe(504)
    expect(body.error).toMatchObject({ id: 'plugin.runtime.pipe_timeout' })
    expect(body.error.message).toMatch(new RegExp(`"that-misbehaves".*"that-misbehaves/acts:before${action}"`, 'i'))
  })

  test('that answers after its time has its answer dropped, and the log says so', async () => {
    const isLogged = (): boolean => host.logs.some(({ msg }) => msg?.includes('the answer is dropped'))
    await act('answerLate')
    while (!isLogged()) await new Promise((resolve) => { setImmediate(resolve) })
  })

  test('whose promise answers more than once is heard once', async () => {
    expect((await act('answerTwice')).body).toMatchObject({ status: 200, result: 'done' })
  })
})

describe('a classic pipe', () => {
  test.each(['good', 'late', 'twice', 'mixed'])('that answers hands the request on once: %s', async (way) => {
    expect((await buy(way)).body).toMatchObject({ status: 200, result: 'sold' })
  })

  test('that calls back twice is written into the log', async () => {
    await buy('twice')
    expect(host.logs.filter(({ msg }) => msg?.includes('answered twice'))).not.toEqual([])
  })

  test.each([
    ['throws a text', 'string', { status: 500, id: 'plugin.runtime.unexpected_error' }, 'out of apples'],
    ['calls back with somebody else\'s error', 'foreign', { status: 500, id: 'plugin.runtime.unexpected_error' }, 'the till is stuck'],
    ['calls back with nothing', 'empty', { status: 500, id: 'plugin.runtime.unexpected_error' }, 'gave nothing back'],
    ['refuses', 'refused', { status: 403, id: undefined }, 'closed on Sundays'],
    ['never calls back', 'silent', { status: 504, id: 'plugin.runtime.pipe_timeout' }, 'shop/silent:beforeRun'],
  ])('that %s ends the request', async (_title, way, error, words) => {
    const { id, ...told } = (await buy(way)).body.error as { id?: string }
    expect(told).toMatchObject({ status: error.status, message: expect.stringContaining(words) })
    // A plain error of the plugin's own has no id, and none is made up for it.
    expect(id).toBe(error.id)
  })
})

describe('a hook', () => {
  test.each([
    ['throws', 'hookThrows', 'thrown by a hook'],
    ['rejects later', 'hookRejectsLater', 'rejected by a hook, later'],
  ])('that %s leaves the answer alone, is logged with its plugin\'s name and told to hook:onError', async (_title, action, words) => {
    expect((await act(action)).body).toMatchObject({ status: 200, result: 'done' })
    const heard = (): boolean => failures.some(({ error }) => error.message.includes(words))
    while (!heard()) await new Promise((resolve) => { setImmediate(resolve) })
    expect(failures.find(({ error }) => error.message.includes(words))).toMatchObject({ pluginName: 'that-misbehaves', event: expect.stringMatching(/^that-misbehaves\/acts:before/) })
    expect(host.logs.filter(({ msg, level }) => level === 50 && msg?.includes(words) && msg.includes('that-misbehaves'))).toHaveLength(1)
  })
})

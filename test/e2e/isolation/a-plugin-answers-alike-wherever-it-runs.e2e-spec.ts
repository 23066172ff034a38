import { beforeAll, describe, expect, test } from '@jest/globals'
import { startIsolated, type IsolatedHost } from '../../support/start-isolated.js'

const settings = { greeting: 'Salut', list: [1, { deep: true }] }

type Call = readonly [method: string, path: string, options?: { headers?: Record<string, string>; body?: unknown }]

/** What an answer says, without what differs from one request to the next. */
async function answerOf({ ask }: IsolatedHost, [method, path, options]: Call) {
  const { status, headers, text } = await ask(method, path, options)
  const told = Object.fromEntries([...headers].filter(([name]) => /^x-(?!kuzzle)|^set-cookie|^content-type/.test(name)))
  return { status, headers: told, text: text.replace(/"(_id|node|requestId|createdAt)":("[^"]*"|\d+)/g, '"$1":""') }
}

const works = (name: string): string => `/_/that-is-fragile/works/${name}`
const orders = (name: string): string => `/_/that-sells/orders/${name}`

describe.each(['thread', 'process'] as const)('in a %s', (mode) => {
  let inline: IsolatedHost
  let isolated: IsolatedHost
  beforeAll(async () => {
    inline = await startIsolated({ isolation: 'inline', settings })
    isolated = await startIsolated({ isolation: mode, settings })
  }, 60_000)

  /** Sends the calls to both hosts, and yields the last answer once all are known to be the same. */
  async function expectAlike(...calls: Call[]) {
    let answer: Awaited<ReturnType<typeof answerOf>> | undefined
    for (const call of calls) {
      answer = await answerOf(isolated, call)
      expect(answer).toEqual(await answerOf(inline, call))
    }
    return answer as NonNullable<typeof answer>
  }

  test('an action sees the whole request', async () => {
    const headers = { 'x-agent': 'lamp', 'x-kuzzle-request-id': 'mine', 'x-kuzzle-volatile': '{"from":"here"}' }
    const { text } = await expectAlike(['POST', `${works('look')}/42?tag=a&tag=b&text=%C3%A9`, { headers, body: { lamp: { on: null }, list: [1, 'two'] } }])
    expect(JSON.parse(text)).toMatchObject({ status: 200, result: { number: 42, id: 'mine', volatile: { from: 'here' }, user: '-1', agent: 'lamp' } })
  })

  test.each(['greet', 'needSecret', 'now', 'trigger?times=4', 'emit', 'subscribe'])('injected services work: %s', async (name) => {
    await expectAlike(['GET', works(name)])
  })

  test('configuration and secrets are the plugin\'s own, without the keys that are the host\'s', async () => {
    const { text } = await answerOf(isolated, ['GET', works('greet')])
    expect(JSON.parse(text).result).toEqual({ config: settings, secret: 'open', knowsOther: false })
  })

  test('its storage and the API work', async () => {
    const { text } = await expectAlike(['POST', works('keep'), { body: { text: 'milk' } }])
    expect(JSON.parse(text).result).toMatchObject({ note: { text: 'milk', kept: true }, none: null })
  })

  test('status, headers, format and deprecations of an answer are kept', async () => {
    await expectAlike(['GET', works('answerRaw')])
    expect(await expectAlike(['GET', works('answerOddly')])).toMatchObject({ status: 207, headers: { 'x-odd': 'yes' } })
  })

  test.each([
    ['refuse', 404], ['refuseByCatalogue', 404], ['fail', 500], ['failWithText', 500], ['askForNothing', 412], ['look?number=x', 400],
  ])('an error keeps id, status, code, message and what was added to it: %s', async (name, status) => {
    expect(await expectAlike(['GET', works(name)])).toMatchObject({ status })
  })

  test('pipes change requests, in their order among those that run inline, and their answers', async () => {
    const { text, ...rest } = await expectAlike(['POST', `${orders('place')}?secret=x`, { body: { price: 1 } }])
    expect(rest).toMatchObject({ status: 201, headers: { 'x-after': 'yes' } })
    expect(JSON.parse(text).result).toEqual({
      body: { price: 3 }, volatile: { by: 'fragile' }, stamps: ['seen', 'first', 'fragile', 'last'], secret: null, after: 'fragile',
    })
  })

  test('a pipe refuses', async () => {
    expect(await expectAlike(['POST', orders('refund')])).toMatchObject({ status: 400, text: expect.stringContaining('api.assert.missing_argument') })
  })

  test('hooks hear, by their filters, and their failures are logged under the plugin\'s name', async () => {
    await expectAlike(['GET', works('heard')], ['POST', orders('place'), { body: { price: 1 } }], ['POST', orders('refund')], ['GET', works('heard')])
    for (const { host } of [inline, isolated]) await host.said(/"plugin":"that-is-fragile"[^\n]*heard and failed|heard and failed[^\n]*that-is-fragile/)
  })

  test('a function in an answer is refused, naming plugin and action', async () => {
    const { status, text } = await answerOf(isolated, ['GET', works('handOverFunction')])
    expect({ status, error: JSON.parse(text).error }).toMatchObject({ status: 500, error: { id: 'plugin.worker.cannot_cross' } })
    expect(JSON.parse(text).error.message).toMatch(/that-is-fragile\/works:handOverFunction of plugin "that-is-fragile".*could not be cloned/)
  })

  test('its life-cycle methods run, and nothing of it is left when the host has stopped', async () => {
    for (const host of [inline, isolated]) {
      const { code, out } = await host.stop()
      expect({ code, isUp: out.includes('fragile is up'), isDown: out.includes('fragile is down') }).toEqual({ code: 0, isUp: true, isDown: true })
    }
  })
})

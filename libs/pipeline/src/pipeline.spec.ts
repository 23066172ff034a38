import { describe, expect, test } from '@jest/globals'
import { createError, ForbiddenError, Request, type RequestData } from '@mortise/sdk'
import type { PipeDefinition, PluginDefinition } from '@app/registry'
import { Slots } from '@app/supervision'
import type { Gate } from '@app/security'
import { createCorridor } from '../../../test/support/create-corridor.js'
import { definePlugin } from '../../../test/support/define-plugin.js'
import { AS_PLUGIN, type RequestCounter } from './passage.js'

const hello = (handler: (request: Request) => unknown): PluginDefinition =>
  definePlugin({ name: 'hello', controllers: [{ name: 'hello', actions: [{ name: 'say', handler, routes: [] }] }] })

const on = (event: string, handler: PipeDefinition['handler']): PipeDefinition => ({ event, name: 'Test.pipe', handler })
const piped = (...pipes: PipeDefinition[]): PluginDefinition => definePlugin({ name: 'pipes', pipes })
const request = (data: RequestData = {}): Request => new Request({ controller: 'hello', action: 'say', ...data })

describe('an action', () => {
  test.each([['at once', () => 'hi'], ['later', async () => 'hi']])('that answers %s gives its result with status 200', async (_, handler) => {
    const { pipeline } = createCorridor({ plugins: [hello(handler)] })
    expect(await pipeline.run(request())).toMatchObject({ result: 'hi', status: 200, error: null })
  })

  test('that returns nothing succeeds all the same', async () => {
    const { pipeline } = createCorridor({ plugins: [hello(() => undefined)] })
    expect(await pipeline.run(request())).toMatchObject({ result: undefined, status: 200, error: null })
  })

  test('keeps the status and headers that it chose', async () => {
    const { pipeline } = createCorridor({
      plugins: [hello((asked) => { asked.response.configure({ status: 206, headers: { 'X-Sample': 'yes' } }); return { partial: true } })],
    })
    expect((await pipeline.run(request())).response.toJSON()).toMatchObject({ status: 206, headers: { 'x-sample': 'yes' }, content: { result: { partial: true } } })
  })

  test('may throw errors of the SDK as they are', async () => {
    const { pipeline } = createCorridor({ plugins: [hello(() => { throw new ForbiddenError('not today') })] })
    expect(await pipeline.run(request())).toMatchObject({ status: 403, error: { message: 'not today' } })
  })

  test('that throws anything else is blamed by name', async () => {
    const { pipeline } = createCorridor({ plugins: [hello(() => { throw new Error('plain failure') })] })
    const { error } = await pipeline.run(request())
    expect(error).toMatchObject({ status: 500, id: 'plugin.runtime.unexpected_error', props: ['plain failure'], message: expect.stringContaining('plugin "hello", action hello:say') })
  })
})

describe('an action that misbehaves', () => {
  const circle: Record<string, unknown> = {}
  circle.self = circle
  const { proxy: unreadable, revoke } = Proxy.revocable({}, {})
  revoke()

  test.each<[string, () => unknown]>([
    ['throws a circle', () => { throw circle as unknown as Error }],
    ['throws what cannot be read', () => { throw unreadable as Error }],
    ['throws nothing', () => { throw undefined as unknown as Error }],
    ['answers with what cannot be read', () => unreadable],
    ['answers with what throws when it is asked for "then"', () => Object.defineProperty({}, 'then', { get() { throw new Error('no then') } })],
    ['answers with a promise of its own that throws', () => ({ then() { throw new Error('not now') } })],
  ])('%s: it is blamed by name, and the request ends', async (_title, handler) => {
    const { pipeline, slots } = createCorridor({ plugins: [hello(handler)] })
    const { error, status } = await pipeline.run(request())
    expect(error).toMatchObject({ status: 500, id: 'plugin.runtime.unexpected_error', message: expect.stringContaining('plugin "hello", action hello:say') })
    expect([status, slots.taken]).toEqual([500, 0])
  })

  test('answers twice: the first answer counts', async () => {
    const { pipeline } = createCorridor({ plugins: [hello(() => ({ then(resolve: (value: string) => void) { resolve('first'); resolve('second') } }))] })
    expect(await pipeline.run(request())).toMatchObject({ result: 'first', status: 200 })
  })
})

describe('a request', () => {
  test.each([
    [{ controller: null }, 'api.assert.missing_argument', ['controller']],
    [{ action: null }, 'api.assert.missing_argument', ['action']],
    [{ controller: 'helo' }, 'api.process.controller_not_found', ['helo']],
    [{ action: 'sya' }, 'api.process.action_not_found', ['hello', 'sya']],
    [{ targets: [], index: 'a' }, 'api.assert.mutually_exclusive', ['targets', 'index']],
  ])('%j is refused with %s', async (data, id, props) => {
    const { pipeline } = createCorridor({ plugins: [hello(() => 'hi')] })
    const { error, status } = await pipeline.run(request(data as RequestData))
    expect(error).toMatchObject({ id, props })
    expect([400, 404]).toContain(status)
  })

  test('for a misspelt action is told the nearest one', async () => {
    const { pipeline } = createCorridor({ plugins: [hello(() => 'hi')] })
    expect((await pipeline.run(request({ action: 'sya' }))).error?.message).toContain('Did you mean "say"?')
    expect((await pipeline.run(request({ controller: 'helo' }))).error?.message).toContain('Did you mean "hello"?')
    expect((await pipeline.run(request({ controller: 'wholly-other' }))).error?.message).not.toContain('Did you mean')
  })

  test('from a foreign origin is refused', async () => {
    const { pipeline } = createCorridor({ plugins: [hello(() => 'hi')], origins: ['http://here.test'] })
    const from = (origin: string) => new Request({ controller: 'hello', action: 'say' }, { connection: { protocol: 'http', misc: { headers: { origin } } } })
    expect(await pipeline.run(from('http://there.test'))).toMatchObject({ status: 401, error: { id: 'api.process.unauthorized_origin' } })
    expect(await pipeline.run(from('http://here.test'))).toMatchObject({ status: 200 })
  })

  test('is refused while the host stops, and when too many wait', async () => {
    const stopping = createCorridor({ plugins: [hello(() => 'hi')], isClosing: () => true })
    expect(await stopping.pipeline.run(request())).toMatchObject({ status: 503, error: { id: 'api.process.shutting_down' } })
    let finish = (): void => undefined
    const { pipeline, slots } = createCorridor({ plugins: [hello(() => new Promise<void>((resolve) => { finish = resolve }))], slots: new Slots(1, 0) })
    const first = pipeline.run(request())
    expect(await pipeline.run(request())).toMatchObject({ status: 503, error: { id: 'api.process.overloaded' } })
    finish()
    await first
    expect(slots.taken).toBe(0)
  })
})

describe('events of an action', () => {
  test('come in their order', async () => {
    const told: string[] = []
    const events = [
      'request:beforeExecution', 'request:onAuthorized', 'request:onExecution', 'hello:beforeSay', 'hello:afterSay', 'request:onSuccess', 'request:afterExecution',
      'hello:errorSay', 'request:onError',
    ]
    const { pipeline } = createCorridor({ plugins: [hello(() => told.push('act')), piped(...events.map((event) => on(event, (payload) => { told.push(event); return payload })))] })
    await pipeline.run(request())
    expect(told).toEqual([...events.slice(0, 4), 'act', ...events.slice(4, 7)])
  })

  test('tell a failure as error, onError and afterExecution', async () => {
    const told: unknown[] = []
    const events = ['hello:afterSay', 'request:onSuccess', 'hello:errorSay', 'request:onError']
    const { pipeline } = createCorridor({
      plugins: [
        hello(() => { throw new ForbiddenError('no') }),
        piped(...events.map((event) => on(event, (payload) => { told.push(event); return payload })), on('request:afterExecution', (outcome) => { told.push(outcome); return outcome })),
      ],
    })
    await pipeline.run(request())
    expect(told).toEqual(['hello:errorSay', 'request:onError', expect.objectContaining({ success: false, error: expect.objectContaining({ message: 'no' }) })])
  })

  test('before may change the request, after may change the result', async () => {
    const { pipeline } = createCorridor({
      plugins: [
        hello(({ input }) => input.body.name),
        piped(
          on('hello:beforeSay', (asked) => { (asked as Request).input.body = { name: 'Ann' }; return asked }),
          on('hello:afterSay', (asked) => { (asked as Request).setResult(`Hello ${(asked as Request).result}`); return asked }),
        ),
      ],
    })
    expect((await pipeline.run(request())).result).toBe('Hello Ann')
  })

  test('error may take the failure back', async () => {
    const { pipeline } = createCorridor({
      plugins: [
        hello(() => { throw new Error('broken') }),
        piped(on('hello:errorSay', (asked) => { (asked as Request).clearError(); (asked as Request).setResult('saved'); return asked })),
      ],
    })
    expect(await pipeline.run(request())).toMatchObject({ result: 'saved', error: null, status: 200 })
  })

  test('onError may answer with another request, and with the same one keeps the failure', async () => {
    const other = new Request({ controller: 'hello', action: 'say' }, { result: 'other' })
    const failing = hello(() => { throw new Error('broken') })
    const saved = createCorridor({ plugins: [failing, piped(on('request:onError', () => other))] })
    expect((await saved.pipeline.run(request())).result).toBe('other')
    const kept = createCorridor({ plugins: [failing, piped(on('request:onError', (asked) => asked))] })
    expect((await kept.pipeline.run(request())).status).toBe(500)
  })

  test('a pipe that fails on the way out is the answer', async () => {
    const { pipeline, slots } = createCorridor({ plugins: [hello(() => 'hi'), piped(on('request:afterExecution', () => { throw new ForbiddenError('too late') }))] })
    expect(await pipeline.run(request())).toMatchObject({ status: 403, error: { message: 'too late' } })
    expect(slots.taken).toBe(0)
  })

  test('a pipe that gives back something that is no request fails it, and the process lives on', async () => {
    const { pipeline } = createCorridor({ plugins: [hello(() => 'hi'), piped(on('hello:beforeSay', () => true))] })
    expect(await pipeline.run(request())).toMatchObject({ status: 500, error: { id: 'plugin.runtime.unexpected_error', message: expect.stringMatching(/the pipe on "hello:beforeSay" gave back something that is no request\nIt comes from plugin "pipes"/) } })
  })

  test('whose failure nobody foresaw is logged, once, for clients alone', async () => {
    const { pipeline, logger } = createCorridor({ plugins: [hello(() => { throw new TypeError('no tea') }), piped(on('hello:beforeSay', (asked) => asked))] })
    await pipeline.run(request())
    expect(logger.entries.filter(({ level }) => level === 'error').map(({ message }) => (message as Error).cause)).toEqual([new TypeError('no tea')])
    await pipeline.run(request(), AS_PLUGIN)
    await pipeline.run(request({ action: 'shout' }))
    expect(logger.entries.filter(({ level }) => level === 'error')).toHaveLength(1)
  })

  test('are not told for requests of plugins, unless they ask', async () => {
    const told: string[] = []
    const { pipeline } = createCorridor({ plugins: [hello(() => 'hi'), piped(on('hello:beforeSay', (asked) => { told.push('before'); return asked }))] })
    await pipeline.run(request(), AS_PLUGIN)
    expect(told).toEqual([])
    await pipeline.run(request(), { ...AS_PLUGIN, events: true })
    expect(told).toEqual(['before'])
  })

  test('change with the plugins that are there', async () => {
    const { pipeline, registry } = createCorridor({ plugins: [hello(() => 'hi')] })
    const undo = registry.register(piped(on('hello:beforeSay', () => { throw new ForbiddenError('no') })))
    expect((await pipeline.run(request())).status).toBe(403)
    undo()
    expect((await pipeline.run(request())).status).toBe(200)
  })
})

describe('rights', () => {
  const gate = (overrides: Partial<Gate>): Gate => ({
    authenticate: () => ({ user: { _id: 'ann', profileIds: [] }, token: null }), authorize: () => undefined, limit: () => undefined, ...overrides,
  })

  test('are checked before anybody learns whether the action exists', async () => {
    const { pipeline } = createCorridor({ gate: gate({ authorize: () => { throw createError('security.rights.forbidden', 'no', 'such', 'ann') } }) })
    expect(await pipeline.run(request({ controller: 'no', action: 'such' }))).toMatchObject({ status: 403 })
  })

  test.each([
    ['at once', () => { throw createError('security.token.invalid') }],
    ['later', () => Promise.reject(createError('security.token.invalid'))],
  ])('a token refused %s ends the request, is told, and is not asked for actions', async (_, authenticate) => {
    const told: unknown[] = []
    const { pipeline } = createCorridor({ gate: gate({ authenticate }), plugins: [hello(() => told.push('act')), piped(on('request:onUnauthorized', (asked) => { told.push('unauthorized'); return asked }))] })
    expect(await pipeline.run(request())).toMatchObject({ status: 401, error: { id: 'security.token.invalid' } })
    expect(told).toEqual(['unauthorized'])
  })

  test('the user is known to pipes and actions', async () => {
    const { pipeline } = createCorridor({ gate: gate({}), plugins: [hello((asked) => asked.getKuid())] })
    expect((await pipeline.run(request())).result).toBe('ann')
  })

  test('inner calls skip them, unless they ask', async () => {
    const refusing = gate({ authorize: () => { throw createError('security.rights.forbidden', 'hello', 'say', 'ann') } })
    const { pipeline } = createCorridor({ gate: refusing, plugins: [hello(() => 'hi')] })
    const asAnn = (): Request => new Request({ controller: 'hello', action: 'say' }, { user: { _id: 'ann', profileIds: [] } })
    expect((await pipeline.run(asAnn(), AS_PLUGIN)).status).toBe(200)
    expect((await pipeline.run(asAnn(), { ...AS_PLUGIN, rights: true })).status).toBe(403)
  })

  test('who asks too often is told after they are allowed', async () => {
    const { pipeline } = createCorridor({ gate: gate({ limit: () => { throw createError('api.process.too_many_requests') } }), plugins: [hello(() => 'hi')] })
    expect(await pipeline.run(request())).toMatchObject({ status: 429 })
  })
})

describe('requests are counted', () => {
  const counting = () => {
    const counts: string[] = []
    const counter = { begin: (protocol: string) => counts.push(`begin ${protocol}`), end: (protocol: string, isFailed: boolean) => counts.push(`end ${protocol} ${isFailed}`) }
    return { counts, counter: counter as unknown as RequestCounter }
  }
  const overHttp = (action: string): Request => new Request({ controller: 'hello', action }, { connection: { protocol: 'http' } })

  test.each([['say', 'end http false'], ['fail', 'end http true']])('%s: once begun and once ended', async (action, end) => {
    const { counts, counter } = counting()
    const { pipeline } = createCorridor({ counter, plugins: [definePlugin({ name: 'hello', controllers: [{ name: 'hello', actions: [
      { name: 'say', handler: () => 'hi', routes: [] }, { name: 'fail', handler: () => { throw new Error('no') }, routes: [] },
    ] }] })] })
    await pipeline.run(overHttp(action))
    expect(counts).toEqual(['begin http', end])
  })

  test('unless their action does not exist, or a plugin made them', async () => {
    const { counts, counter } = counting()
    const { pipeline } = createCorridor({ counter, plugins: [hello(() => 'hi')] })
    await pipeline.run(overHttp('unknown'))
    await pipeline.run(request(), AS_PLUGIN)
    expect(counts).toEqual([])
  })
})

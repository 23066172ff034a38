import { describe, expect, test } from '@jest/globals'
import { Controller, Post, readMarks, Request, type ActionMark, type ApiError, type StandardSchemaV1 } from '@mortise/sdk'
import { z } from 'zod'
import { bindSchemas } from './bind-schemas.js'

const owner = { plugin: 'checkout', controller: 'checkout/payment' }
const markOf = (rest: Partial<ActionMark>): ActionMark => ({ name: 'pay', method: 'pay', routes: [], ...rest })

const payment = z.object({
  order: z.string().min(2),
  count: z.int().default(1),
  body: z.object({ amount: z.number(), items: z.array(z.object({ price: z.number() })).default([]) }),
})

const ask = (data: Record<string, unknown>, protocol = 'websocket'): Request => new Request({ requestId: 'r', ...data }, { connection: { protocol } })

/** What an action with this input is given. */
async function given(input: StandardSchemaV1, request: Request): Promise<unknown> {
  const { handler } = bindSchemas(markOf({ input }), owner, (_request, value) => value)
  return handler(request)
}

const fault = async (input: StandardSchemaV1, request: Request): Promise<ApiError & { errors: unknown; count: number }> =>
  given(input, request).then(() => { throw new Error('It was accepted.') }, (error: unknown) => error as never)

const order = z.object({ order: z.string(), body: z.object({ amount: z.int().positive(), currency: z.string().default('EUR') }) })
const receipt = z.object({ order: z.string(), amount: z.int(), currency: z.string() })

@Controller('order')
class OrderController {
  @Post('/:order', { summary: 'Charges an order.', input: order, output: receipt })
  pay(_request: Request, { order: id, body }: z.output<typeof order>) { return { order: id, ...body } }
}

test('a decorated action is handed what its schema makes of the request', async () => {
  const [mark] = readMarks(OrderController)?.actions as [ActionMark]
  const { pay } = new OrderController()
  const { handler } = bindSchemas(mark, owner, (request, value) => pay(request, value as z.output<typeof order>))
  expect(await handler(ask({ order: 'o1', body: { amount: 3 } }))).toEqual({ order: 'o1', amount: 3, currency: 'EUR' })
  expect(() => handler(ask({ order: 'o1', body: { amount: -3 } }))).toThrow(expect.objectContaining({ id: 'api.assert.invalid_argument' }))
})

describe('an action with an input', () => {
  test('is given what the schema makes of arguments and body, and getters read it too', async () => {
    const request = ask({ order: 'o1', colour: 'red', body: { amount: 3 } })
    expect(await given(payment, request)).toEqual({ order: 'o1', count: 1, body: { amount: 3, items: [] } })
    expect([request.getInteger('count'), request.getBodyArray('items'), request.getString('colour')]).toEqual([1, [], 'red'])
  })

  test('never runs on what does not fit, and every fault is told with its path', async () => {
    const error = await fault(payment, ask({ order: 'o', body: { amount: 'much', items: [{ price: 'high' }] } }))
    expect(error).toMatchObject({
      status: 400, id: 'api.assert.invalid_argument', count: 3, props: ['order', expect.any(String)],
      message: expect.stringMatching(/^Invalid argument "order": .+ \(and 2 more\)$/),
      errors: [{ path: 'order' }, { path: 'body.amount' }, { path: 'body.items.0.price', message: expect.any(String) }],
    })
    expect(JSON.parse(JSON.stringify(error.toJSON()))).toHaveProperty('errors.2.path', 'body.items.0.price')
  })

  test('misses a body by its name', async () => {
    expect((await fault(payment, ask({ order: 'o1' }))).message).toMatch(/^Invalid argument "body": /)
  })

  test('need not know what every request carries', async () => {
    const strict = z.strictObject({ name: z.string() })
    expect(await given(strict, ask({ name: 'Ann', triggerEvents: true, timestamp: 1 }))).toEqual({ name: 'Ann' })
    expect((await fault(strict, ask({ name: 'Ann', nmae: 'Ann' }))).message).toMatch(/^Invalid arguments: .*nmae/)
  })

  test('waits for a schema that takes its time', async () => {
    const slow = z.object({ name: z.string().refine(async (name) => name !== 'taken', 'is taken') })
    expect(await given(slow, ask({ name: 'free' }))).toEqual({ name: 'free' })
    expect((await fault(slow, ask({ name: 'taken' }))).message).toBe('Invalid argument "name": is taken')
  })

  test('is given nothing when it names none, and is left as it is', () => {
    const action = (): unknown => 'done'
    expect(bindSchemas(markOf({}), owner, action).handler).toBe(action)
  })
})

describe('arguments in a URL', () => {
  const search = z.object({
    size: z.int().optional(), ratio: z.number().optional(), deep: z.boolean().optional(),
    tags: z.array(z.string()).optional(), near: z.object({ lat: z.number() }).optional(), text: z.string().optional(),
  })

  test.each([
    [{ size: '3', ratio: '0.5' }, { size: 3, ratio: 0.5 }],
    [{ deep: '' }, { deep: true }],
    [{ deep: 'false' }, { deep: false }],
    [{ tags: 'a' }, { tags: ['a'] }],
    [{ tags: ['a', 'b'] }, { tags: ['a', 'b'] }],
    [{ tags: '["a","b"]' }, { tags: ['a', 'b'] }],
    [{ near: '{"lat":1}' }, { near: { lat: 1 } }],
    [{ text: '12' }, { text: '12' }],
  ])('%j are read as %j', async (sent, meant) => {
    expect(await given(search, ask(sent, 'http'))).toEqual(meant)
  })

  test.each([[{ size: 'many' }], [{ size: '' }], [{ deep: 'perhaps' }], [{ near: '{' }]])('%j are refused', async (sent) => {
    expect((await fault(search, ask(sent, 'http'))).status).toBe(400)
  })

  test('are read over HTTP only: elsewhere they have types of their own', async () => {
    expect((await fault(search, ask({ size: '3' }))).message).toMatch(/^Invalid argument "size"/)
  })
})

describe('an action with an output', () => {
  const receipt = z.object({ total: z.number() })
  const answer = async (value: unknown): Promise<unknown> => bindSchemas(markOf({ output: receipt }), owner, () => value).handler(ask({}))

  test('answers what it declares and nothing else', async () => {
    expect(await answer({ total: 3, secret: 'card' })).toEqual({ total: 3 })
    expect(await answer(Promise.resolve({ total: 3, secret: 'card' }))).toEqual({ total: 3 })
  })

  test('is to blame, by name, for an answer that does not fit', async () => {
    await expect(answer({ total: 'much' })).rejects.toMatchObject({
      status: 500, id: 'plugin.runtime.unexpected_error',
      message: expect.stringMatching(/Action "checkout\/payment:pay" of plugin "checkout" answered .*"total": /),
    })
  })
})

describe('descriptions', () => {
  const describeMark = (mark: Partial<ActionMark>): unknown => bindSchemas(markOf(mark), owner, () => null).description

  test('are JSON Schema of what is accepted and of what is answered', () => {
    expect(describeMark({ summary: 'Pays.', input: payment, output: z.object({ at: z.date() }) })).toMatchObject({
      summary: 'Pays.',
      input: { type: 'object', required: ['order', 'body'], properties: { count: { type: 'integer', default: 1 } } },
      output: { type: 'object', properties: { at: {} } },
    })
  })

  test('are anything where a library has no words for its schemas, which check all the same', async () => {
    const mute = (jsonSchema?: never): StandardSchemaV1 => ({ '~standard': {
      version: 1, vendor: 'own', jsonSchema, validate: (value) => ((value as { name?: unknown }).name ? { value } : { issues: [{ message: 'no name', path: [{ key: 'name' }] }] }),
    } })
    const broken = mute({ input: () => { throw new Error('no words') } } as never)
    for (const schema of [mute(), broken]) {
      expect(describeMark({ input: schema })).toEqual({ input: {} })
      expect((await fault(schema, ask({}))).message).toBe('Invalid argument "name": no name')
    }
  })

  test.each([
    [{ input: { type: 'object' } as never }, 'the input of action "pay" is no schema'],
    [{ output: null as never, input: 3 as never }, 'the input of action "pay" is no schema'],
    [{ output: {} as never }, 'the output of action "pay" is no schema'],
    [{ input: z.string() }, 'the input of action "pay" is no object'],
  ])('that cannot be are faults at boot: %#', (mark, message) => {
    expect(() => describeMark(mark)).toThrow(expect.objectContaining({
      id: 'plugin.assert.invalid_controller_definition', message: expect.stringContaining(message), place: 'checkout/payment:pay', hint: expect.any(String),
    }))
  })
})

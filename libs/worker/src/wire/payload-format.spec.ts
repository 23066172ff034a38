import { deserialize, serialize } from 'node:v8'
import { describe, expect, test } from '@jest/globals'
import { ForbiddenError, NotFoundError, Request } from '@mortise/sdk'
import { answerPayload, packPayload, packValue, takeAnswer, unpackValue } from './payload.format.js'

const clone = <T>(value: T): T => deserialize(serialize(value)) as T

/** What a call does that has its handler on the other side. */
async function callThere(payload: readonly unknown[], handler: (...values: never[]) => unknown): Promise<unknown> {
  return takeAnswer(clone(await answerPayload(clone(packPayload(payload)), handler as (...values: unknown[]) => unknown)), payload)
}

const createRequest = (): Request => new Request(
  { requestId: 'r1', controller: 'shop', action: 'buy', index: 'i', collection: 'c', _id: '1', body: { price: 1 }, volatile: { from: 'here' }, jwt: 'j', colour: 'red' },
  { connection: { id: 'c1', protocol: 'http', ips: ['::1'], verb: 'POST', url: '/buy', headers: { 'x-agent': 'lamp' } }, user: { _id: 'u', profileIds: ['p'] }, token: { _id: 't', userId: 'u', jwt: 'j', expiresAt: 1, ttl: 2 } },
)

describe('a request there', () => {
  test('shows all that it shows here', async () => {
    const request = createRequest()
    request.setResult({ sold: true }, { status: 203, headers: { 'x-a': 'b' }, raw: true })
    request.addDeprecation('1', 'old')
    let seen: Request | undefined
    await callThere([request], (there: Request) => { seen = there })
    expect(seen).toBeInstanceOf(Request)
    expect(seen?.pojo()).toEqual(request.pojo())
    expect(seen?.response.toJSON()).toEqual(request.response.toJSON())
    expect(seen?.deprecations).toEqual(request.deprecations)
    expect(seen?.getInteger('ttl', 3)).toBe(3)
  })

  test('has no argument that it lacks here', async () => {
    let names: string[] = []
    await callThere([new Request({ controller: 'a', action: 'b' })], (there: Request) => { names = Object.keys(there.input.args) })
    expect(names).toEqual([])
  })

  test('that failed holds its error', async () => {
    const request = createRequest()
    request.setError(new NotFoundError('gone', 'shop.stock.gone', 7))
    let seen: unknown
    await callThere([request], (there: Request) => { seen = there.error })
    expect(seen).toMatchObject({ id: 'shop.stock.gone', status: 404 })
    expect(request.error).toMatchObject({ id: 'shop.stock.gone' })
  })
})

describe('changes made to it there', () => {
  test('are made to the same request here, and that is what a pipe yields', async () => {
    const request = createRequest()
    const { args } = request.input
    const answer = await callThere([request], (there: Request) => {
      there.input.args.colour = 'blue'
      delete there.input.args._id
      there.input.body.price++
      there.input.volatile = null
      there.input.headers = { 'x-agent': 'other' }
      there.setResult({ sold: [1] }, { status: 201, headers: { 'x-b': 'c' } })
      there.addDeprecation('2', 'older')
      return there
    })
    expect(answer).toBe(request)
    expect(request.input.args).toBe(args)
    expect(request.pojo()).toMatchObject({ status: 201, result: { sold: [1] }, input: { args: { colour: 'blue', index: 'i', collection: 'c' }, body: { price: 2 }, volatile: null, headers: { 'x-agent': 'other' } } })
    expect(Object.keys(args).sort()).toEqual(['collection', 'colour', 'index', 'requestId'])
    expect(request.input.resource._id).toBeUndefined()
    expect(request.response.headers).toEqual({ 'x-b': 'c' })
    expect(request.deprecations).toEqual([{ version: '2', message: 'older' }])
  })

  test('are made also when it throws', async () => {
    const request = createRequest()
    await expect(callThere([request], (there: Request) => {
      there.response.setHeader('x-b', 'c')
      throw new ForbiddenError('no')
    })).rejects.toBeInstanceOf(ForbiddenError)
    expect(request.response.headers).toEqual({ 'x-b': 'c' })
  })

  test('leave user, token and error alone unless another is put there', async () => {
    const request = createRequest()
    request.setError(new NotFoundError('gone'))
    const { error, context: { user, token } } = request
    await callThere([request], (there: Request) => there)
    expect([request.error, request.context.user, request.context.token]).toEqual([error, user, token])
    expect(request.error).toBe(error)
    expect(request.context.user).toBe(user)
    await callThere([request], (there: Request) => {
      there.clearError()
      there.context.user = { _id: 'v', profileIds: [] }
      there.context.token = null
      return there
    })
    expect([request.error, request.context.user, request.context.token]).toEqual([null, { _id: 'v', profileIds: [] }, null])
  })

  test('cannot reach the prototype of its arguments', async () => {
    const request = createRequest()
    await callThere([request], (there: Request) => {
      Object.defineProperty(there.input.args, '__proto__', { value: { polluted: true }, enumerable: true })
      return there
    })
    expect(request.input.args.polluted).toBeUndefined()
  })
})

describe('other payloads', () => {
  test('requests and errors are kept as fields of an object', async () => {
    const outcome = { success: false, request: createRequest(), error: new NotFoundError('gone') }
    const answer = await callThere([outcome], ({ request, error }: typeof outcome) => [request instanceof Request, error instanceof NotFoundError, request.id])
    expect(answer).toEqual([true, true, 'r1'])
  })

  test('a pipe may yield another request, or change the second value of its payload', async () => {
    const request = createRequest()
    expect(await callThere([request], () => new Request({ controller: 'x', action: 'y', requestId: 'r2' }))).toMatchObject({ id: 'r2' })
    const documents = await callThere([[{ _id: '1' }], request], (given: unknown[], there: Request) => {
      there.input.args.seen = given.length
      return [...given, { _id: '2' }]
    })
    expect(documents).toEqual([{ _id: '1' }, { _id: '2' }])
    expect(request.input.args.seen).toBe(1)
  })

  test.each([[null], [undefined], [0], ['text'], [new Date(0)], [new Map([['a', 1]])], [{ deep: [{ er: undefined }] }], [Buffer.from('x')]])('%p stays what it is', (value) => {
    expect(unpackValue(clone(packValue(value)))).toEqual(value)
  })
})

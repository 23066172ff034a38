import { serialize, deserialize } from 'node:v8'
import { describe, expect, test } from '@jest/globals'
import { ApiError, createError, errorClasses, NotFoundError, PartialError } from '@mortise/sdk'
import { packError, unpackError } from './error.format.js'

const cross = (thrown: unknown): unknown => unpackError(deserialize(serialize(packError(thrown))) as ReturnType<typeof packError>)

describe('an error of the SDK that crosses', () => {
  test.each(Object.entries(errorClasses).filter(([name]) => !['PartialError', 'MultipleErrorsError'].includes(name)))('is a %s as before', (_name, type) => {
    const error = new (type as typeof NotFoundError)('gone', 'shop.stock.gone', 7)
    const there = cross(error) as ApiError
    expect(there).toBeInstanceOf(type)
    expect(there.toJSON()).toEqual(error.toJSON())
    expect({ name: there.name, stack: there.stack }).toEqual({ name: error.name, stack: error.stack })
  })

  test('keeps the facts it was made of, and what the log alone is told', () => {
    const error = createError('services.storage.not_found', 'ghost', 'shop', 'orders').with({ place: 'here', hint: 'Look again.' })
    expect(cross(error)).toMatchObject({ id: error.id, code: error.code, props: ['ghost', 'shop', 'orders'], place: 'here', hint: 'Look again.' })
  })

  test('keeps its list of errors as clients read them', () => {
    const there = cross(new PartialError('some', [new NotFoundError('one'), { reason: 'two' }])) as PartialError
    expect(there).toBeInstanceOf(PartialError)
    expect(there.errors).toMatchObject([{ message: 'one', status: 404 }, { reason: 'two' }])
    expect(there.count).toBe(2)
  })

  test('of a status of its own keeps it', () => {
    expect(cross(new ApiError('a teapot', 418))).toMatchObject({ status: 418, message: 'a teapot' })
  })

  test('keeps what a plugin added, as far as that can cross', () => {
    const there = cross(Object.assign(new NotFoundError('gone'), { thing: 'lamp', light: () => 'on' }))
    expect(there).toMatchObject({ thing: 'lamp' })
    expect(there).not.toHaveProperty('light')
  })
})

describe('anything else that is thrown', () => {
  test('crosses as an error of that name, with code and cause', () => {
    const there = cross(Object.assign(new TypeError('no lamp', { cause: new RangeError('too dark') }), { code: 'ENOLAMP' })) as Error
    expect(there).toMatchObject({ name: 'TypeError', message: 'no lamp', code: 'ENOLAMP', cause: { name: 'RangeError', message: 'too dark' } })
    expect(ApiError.is(there)).toBe(false)
  })

  test('may be its own cause', () => {
    const ring = new Error('ring')
    ring.cause = ring
    expect(cross(ring)).toMatchObject({ message: 'ring', cause: { message: 'ring' } })
  })

  test.each([['just a text'], [undefined], [null], [7], [{ reason: 'odd' }]])('crosses as it is: %p', (thrown) => {
    expect(cross(thrown)).toEqual(thrown)
  })

  test('is told in words when it cannot be cloned', () => {
    expect(cross(() => 'on')).toBe('[object Function]')
    expect(cross(Object.assign(Object.create(null) as object, { light: () => 'on' }))).toBe('[object Object]')
  })
})

import { runInNewContext } from 'node:vm'
import { describe, expect, jest, test } from '@jest/globals'
import { ApiError, errorClasses, KuzzleError, NotFoundError, PartialError, PluginImplementationError } from './index.js'

describe('every error class', () => {
  test.each(Object.entries(errorClasses))('%s names itself, in the error and in its stack', (name, type) => {
    const error = new (type as typeof NotFoundError)('It broke.')

    expect(error.name).toBe(name)
    expect(error.stack).toMatch(new RegExp(`^${name}: It broke\\.`))
    expect(error.status).toBe(type.status)
  })
})

describe('an error made from an error', () => {
  test('borrows its message and stack, and keeps it as the cause', () => {
    const cause = new TypeError('no such column')
    const error = new NotFoundError(cause, 'shop.orders.lost', 7)

    expect(error).toMatchObject({ message: 'no such column', stack: cause.stack, id: 'shop.orders.lost', code: 7, status: 404 })
    expect(error.cause).toBe(cause)
  })

  test('accepts one of another realm', () => {
    const foreign = runInNewContext('new Error("from afar")') as Error

    expect(new NotFoundError(foreign).message).toBe('from afar')
  })

  test('is blamed on the plugin once, however often it is wrapped', () => {
    const inner = new PluginImplementationError('pipe blew up')

    expect(new PluginImplementationError(inner).message).toBe(inner.message)
  })
})

test.each([[undefined, ''], [404, '404'], [null, '']])('a plugin that is not compiled may give %p as the message', (given, message) => {
  expect(new NotFoundError(given as unknown as string).message).toBe(message)
})

describe('the JSON form', () => {
  test('starts with the known keys, goes on with what was added and ends with the stack', () => {
    const error = Object.assign(new NotFoundError('Gone.', 'a.b.c', 3), { resetToken: 'r', props: ['x'] })

    expect(Object.keys(error.toJSON())).toEqual(['message', 'status', 'id', 'code', 'props', 'resetToken', 'stack'])
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ message: 'Gone.', status: 404, id: 'a.b.c', code: 3, resetToken: 'r' })
  })

  test('has no key for what is not known', () => {
    expect(Object.keys(new ApiError('Teapot.', 418).toJSON())).toEqual(['message', 'status', 'stack'])
  })

  test('does not tell the client the hint, the place or the cause', () => {
    const error = new NotFoundError(new Error('inner')).with({ hint: 'Look elsewhere.', place: 'plugins/enabled/geo' })

    expect(error).toMatchObject({ hint: 'Look elsewhere.', place: 'plugins/enabled/geo' })
    expect(Object.keys(error.toJSON())).toEqual(['message', 'status', 'stack'])
  })

  test('lists and counts the errors of a partial failure', () => {
    expect(new PartialError('Half done.', ['first', 'second'], 'a.b.c', 1).toJSON()).toMatchObject({
      status: 206,
      errors: ['first', 'second'],
      count: 2,
    })
  })
})

describe('instanceof', () => {
  class OutOfStock extends NotFoundError {}
  class OutOfApples extends OutOfStock {}

  test('follows the classes that a plugin derives, in both directions', () => {
    expect(new OutOfApples('None left.')).toBeInstanceOf(OutOfStock)
    expect(new OutOfApples('None left.')).toBeInstanceOf(NotFoundError)
    expect(new OutOfApples('None left.')).toBeInstanceOf(KuzzleError)
    expect(new OutOfStock('None left.')).not.toBeInstanceOf(OutOfApples)
    expect(new NotFoundError('None left.')).not.toBeInstanceOf(OutOfStock)
    expect(new OutOfStock('None left.')).not.toBeInstanceOf(PartialError)
  })

  test('tells errors from everything else', () => {
    for (const other of [new Error('plain'), {}, null, undefined, 'text', { name: 'NotFoundError' }]) {
      expect(other instanceof NotFoundError).toBe(false)
      expect(ApiError.is(other)).toBe(false)
    }
  })

  test('holds across two loaded copies of the SDK', async () => {
    jest.resetModules()
    const copy = await import('./index.js')
    const foreign = new copy.NotFoundError('Gone.')

    expect(copy.NotFoundError).not.toBe(NotFoundError)
    expect(ApiError.is(foreign)).toBe(true)
    expect(foreign instanceof NotFoundError).toBe(true)
    expect(foreign instanceof ApiError).toBe(true)
    expect(foreign instanceof PartialError).toBe(false)
    expect(foreign instanceof OutOfStock).toBe(false)
  })

  test('does not take a class of another copy for one of the same name that a plugin made', async () => {
    jest.resetModules()
    const copy = await import('./index.js')
    const namesakes = [NotFoundError, copy.NotFoundError].map((parent) => ({ OutOfStock: class OutOfStock extends parent {} }).OutOfStock)

    expect(new namesakes[0]!('None left.') instanceof namesakes[1]!).toBe(false)
    expect(new namesakes[1]!('None left.') instanceof NotFoundError).toBe(true)
  })
})

import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { ApiError, createError, createErrorFrom, errorCatalogue, errorClasses, isErrorId } from './index.js'
import type { ErrorClassName, ErrorId } from './index.js'
import { domains } from './catalogue/domains.js'

type Row = [id: ErrorId, status: number, type: ErrorClassName, code: string]

const published = JSON.parse(readFileSync(new URL('./catalogue.fixture.json', import.meta.url), 'utf8')) as Row[]

describe('the catalogue', () => {
  test('holds every published id and no other', () => {
    expect(Object.keys(errorCatalogue).sort()).toEqual(published.map(([id]) => id).sort())
    expect(published).toHaveLength(274)
  })

  test.each(published)('gives %s the status %i, the class %s and the code %s', (id, status, type, code) => {
    expect(errorCatalogue[id]).toEqual({ status, class: type, code: Number(code) })
  })

  test('names every fact in the message that is made of it', () => {
    const entries = Object.values(domains).flatMap(({ subdomains }) =>
      Object.values(subdomains as Record<string, { entries: Record<string, readonly unknown[]> }>).flatMap(({ entries }) =>
        Object.entries(entries),
      ),
    )
    expect(entries).toHaveLength(274)
    for (const [name, entry] of entries) {
      const message = entry[2] as (...facts: string[]) => string
      const facts = Array.from({ length: message.length }, (_, index) => `<fact ${index}>`)
      const text = message(...facts)
      expect([name, facts.filter((fact) => !text.includes(fact))]).toEqual([name, []])
      expect(text).not.toMatch(/undefined|kuzzle(?!-volatile)|%s|^\s*$/i)
    }
  })
})

describe('createError', () => {
  test('makes an error of the catalogued class, with its facts as props', () => {
    const error = createError('services.storage.not_found', 'ghost', 'shop', 'orders')

    expect(error).toBeInstanceOf(errorClasses.NotFoundError)
    expect(error).toMatchObject({
      name: 'NotFoundError',
      message: 'Document "ghost" not found in "shop":"orders".',
      status: 404,
      id: 'services.storage.not_found',
      code: 0x0101000b,
      props: ['ghost', 'shop', 'orders'],
    })
  })

  test('gives an error without facts an empty list of props', () => {
    expect(createError('security.token.invalid').props).toEqual([])
  })

  test('takes the list of errors last, and does not count it among the props', () => {
    const errors = [{ reason: 'document already exists', status: 400 }]
    const error = createError('api.process.incomplete_multiple_request', 'mCreate', errors)

    expect(error.toJSON()).toMatchObject({ status: 400, props: ['mCreate'], errors, count: 1 })
  })

  test('blames the plugin on a line of its own', () => {
    const [what, blame, ...rest] = createError('plugin.runtime.unexpected_error', 'pipe blew up').message.split('\n')

    expect(what).toBe('Caught an unexpected plugin error: pipe blew up')
    expect(blame).toContain('plugin')
    expect(rest).toEqual([])
  })

  test('answers an id that nobody catalogued with core.fatal.unexpected_error', () => {
    const error = createError('services.storage.no_such_thing' as 'security.token.invalid')

    expect(error.id).toBe('core.fatal.unexpected_error')
    expect(error.message).toContain('"services.storage.no_such_thing"')
  })
})

describe('createErrorFrom', () => {
  test('keeps what went wrong underneath, and does not tell the client', () => {
    const cause = new TypeError('secret path')
    const error = createErrorFrom(cause, 'services.storage.unexpected_error', 'disk full')

    expect(error.cause).toBe(cause)
    expect(error.props).toEqual(['disk full'])
    expect(JSON.stringify({ ...error.toJSON(), stack: undefined })).not.toContain('secret path')
  })
})

describe('isErrorId', () => {
  test('knows the ids of the catalogue and nothing that objects inherit', () => {
    expect(isErrorId('api.assert.missing_argument')).toBe(true)
    expect(isErrorId('api.assert')).toBe(false)
    expect(isErrorId('constructor')).toBe(false)
  })
})

test('every error that can be made is an ApiError', () => {
  expect(published.map(([id]) => createError(id as 'security.token.invalid')).every(ApiError.is)).toBe(true)
})

import { expect, test } from '@jest/globals'
import { ApiError, createError, defineErrors, NotFoundError, PartialError } from './index.js'
import type { ErrorId } from './index.js'

const errors = defineErrors('shop', {
  out_of_stock: { code: 1, class: 'PreconditionError', message: (product: string, left: number) => `${left} of "${product}" left.` },
  lost: { code: 2, class: 'NotFoundError', message: 'Lost: %s.' },
  half_packed: { code: 3, class: 'PartialError', message: (box: string) => `Box "${box}" is half packed.` },
})

/** Never called: what it promises is checked by the compiler. */
export function mistakesThatDoNotCompile(thrown: unknown): void {
  createError('services.storage.not_found', 'ghost', 'shop', 'orders')
  createError('services.storage.import_failed', [new Error('row 3')])
  errors.lost('keys', 3, null)

  // @ts-expect-error a fact is missing
  createError('services.storage.not_found', 'ghost', 'shop')
  // @ts-expect-error a fact is of the wrong type
  createError('core.realtime.too_many_rooms', 'many')
  // @ts-expect-error a fact too many
  createError('security.token.invalid', 'abc')
  // @ts-expect-error the list of errors is missing
  createError('api.process.incomplete_multiple_request', 'mCreate')
  // @ts-expect-error no such id
  createError('services.storage.no_such_thing')
  // @ts-expect-error no such id
  const id: ErrorId = 'storage.not_found'
  // @ts-expect-error a fact is missing
  errors.out_of_stock('apple')
  // @ts-expect-error the list of errors is missing
  errors.half_packed('b1')
  // @ts-expect-error no such error
  errors.sold_out()
  // @ts-expect-error no such class
  defineErrors('shop', { lost: { code: 1, class: 'LostError', message: 'Lost.' } })

  if (thrown instanceof PartialError) expect(thrown.count satisfies number).toBe(id.length)
  if (ApiError.is(thrown)) expect(thrown.status satisfies number).toBe(404)
  if (thrown instanceof NotFoundError) expect(thrown.status satisfies number).toBe(404)
}

test('an error made without one of its facts does not compile', () => {
  expect(mistakesThatDoNotCompile).toHaveLength(1)
})

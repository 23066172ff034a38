import { describe, expect, test } from '@jest/globals'
import { defineErrors, PreconditionError } from './index.js'

const errors = defineErrors('shop', {
  out_of_stock: { code: 1, class: 'PreconditionError', message: (product: string, left: number) => `Only ${left} of "${product}" left.` },
  weak_password: { code: 4, class: 'BadRequestError', message: 'Password of %s is %d letters long.', description: 'Too short.' },
  half_packed: { code: 9, class: 'PartialError', message: (box: string) => `Box "${box}" is half packed.` },
})

describe('defineErrors', () => {
  test('gives each error an id of the plugin and a code in the domain of plugins', () => {
    const error = errors.out_of_stock('apple', 3)

    expect(error).toBeInstanceOf(PreconditionError)
    expect(error).toMatchObject({
      message: 'Only 3 of "apple" left.',
      status: 412,
      id: 'plugin.shop.out_of_stock',
      code: 0x04000001,
      props: ['apple', 3],
    })
  })

  test('fills the placeholders of a text, as manifests have them', () => {
    expect(errors.weak_password('ann', 3)).toMatchObject({ message: 'Password of ann is 3 letters long.', code: 67108868, props: ['ann', 3] })
  })

  test('takes the list of errors of a partial failure last', () => {
    expect(errors.half_packed('b1', ['no tape']).toJSON()).toMatchObject({ status: 206, props: ['b1'], errors: ['no tape'], count: 1 })
  })

  test.each([
    ['a class that does not exist', { lost: { code: 1, class: 'LostError', message: 'Lost.' } }, '"lost" has the class "LostError"'],
    ['a name that objects inherit', { lost: { code: 1, class: 'toString', message: 'Lost.' } }, '"lost" has the class "toString"'],
    ['a fraction', { lost: { code: 1.5, class: 'NotFoundError', message: 'Lost.' } }, '"lost" has the code 1.5'],
    ['a code beyond 16 bits', { lost: { code: 65536, class: 'NotFoundError', message: 'Lost.' } }, '"lost" has the code 65536'],
    ['no code', { lost: { class: 'NotFoundError', message: 'Lost.' } }, '"lost" has the code undefined'],
    ['no message', { lost: { code: 1, class: 'NotFoundError' } }, '"lost" has no message'],
    [
      'a code given twice',
      { lost: { code: 1, class: 'NotFoundError', message: 'Lost.' }, gone: { code: 1, class: 'NotFoundError', message: 'Gone.' } },
      '"gone" has the code 1, which "lost" has already',
    ],
  ])('refuses %s', (_, definitions, fault) => {
    const define = () => defineErrors('shop', definitions as Parameters<typeof defineErrors>[1])

    expect(define).toThrow(expect.objectContaining({ id: 'plugin.manifest.invalid_errors', message: expect.stringContaining(fault) }))
  })
})

import { describe, expect, test } from '@jest/globals'
import { createId } from './create-id.js'

describe('a fresh id', () => {
  // More than are made of the random bytes that are fetched at once.
  const ids = Array.from({ length: 2_000 }, createId)

  test('is a version 4 UUID', () => {
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  test('is nobody else\'s', () => {
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('is random in every place', () => {
    const places = Array.from({ length: 36 }, (_, place) => new Set(ids.map((id) => id[place])).size)
    expect(places).toEqual([...'88888888-8888-1888-4888-888888888888'].map((kind) => ({ 8: 16, 4: 4, 1: 1, '-': 1 })[kind]))
  })

  test('stays as it is when others are made', () => {
    const [first, copy] = [createId(), '']
    const before = `${first}${copy}`
    createId()
    expect(first).toBe(before)
  })
})

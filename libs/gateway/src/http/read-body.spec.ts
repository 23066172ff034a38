import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { hasBody, readBody } from './read-body.js'

const limits = { maxRequestSize: 10, maxEncodingLayers: 2 }

function message(headers: Record<string, string>, ...chunks: (string | Buffer)[]): IncomingMessage {
  const made = new IncomingMessage(new Socket())
  Object.assign(made.headers, headers)
  for (const chunk of chunks) made.push(chunk)
  made.push(null)
  return made
}

describe('whether there is a body', () => {
  test.each<[Record<string, string>, boolean]>([
    [{}, false], [{ 'content-length': '0' }, false], [{ 'content-length': '1' }, true], [{ 'transfer-encoding': 'chunked' }, true], [{ 'content-type': 'application/json' }, false],
  ])('%j: %p', (headers, expected) => {
    expect(hasBody(message(headers))).toBe(expected)
  })
})

describe('reading a body', () => {
  test('joins its pieces', async () => {
    expect((await readBody(message({}, 'ab', 'cd', 'e'), limits)).toString()).toBe('abcde')
  })

  test('keeps characters whole that pieces cut apart', async () => {
    const [first, ...rest] = [...Buffer.from('é€')].map((byte) => Buffer.from([byte]))
    expect((await readBody(message({}, first as Buffer, ...rest), limits)).toString()).toBe('é€')
  })

  test('of nothing gives nothing', async () => {
    expect((await readBody(message({}), limits)).length).toBe(0)
  })

  test('stops at the limit, to the byte', async () => {
    expect((await readBody(message({}, '12345', '67890'), limits)).length).toBe(10)
    await expect(readBody(message({}, '12345', '67890', '1'), limits)).rejects.toMatchObject({ id: 'network.http.request_too_large', status: 413 })
  })

  test('does not begin when too much is announced', async () => {
    await expect(readBody(message({ 'content-length': '11' }), limits)).rejects.toMatchObject({ id: 'network.http.request_too_large' })
  })

  test('fails when its sender leaves', async () => {
    const made = new IncomingMessage(new Socket())
    made.push('12')
    const body = readBody(made, limits)
    made.destroy(new Error('aborted'))
    await expect(body).rejects.toMatchObject({ id: 'network.http.unexpected_error', status: 400 })
  })

  test('counts what it unpacks to, not only what was sent', async () => {
    const roomy = { ...limits, maxRequestSize: 100 }
    expect((await readBody(message({ 'content-encoding': 'gzip' }, gzipSync('x'.repeat(100))), roomy)).length).toBe(100)
    await expect(readBody(message({ 'content-encoding': 'gzip' }, gzipSync('x'.repeat(101))), roomy)).rejects.toMatchObject({ id: 'network.http.request_too_large' })
  })

  test.each([['gzip, gzip, gzip', 'network.http.too_many_encodings'], ['gzip, br', 'network.http.unsupported_compression'], ['x', 'network.http.unsupported_compression']])(
    'encoded as "%s" fails with %s',
    async (encoding, id) => {
      await expect(readBody(message({ 'content-encoding': encoding }, 'x'), limits)).rejects.toMatchObject({ id, status: 400 })
    },
  )
})

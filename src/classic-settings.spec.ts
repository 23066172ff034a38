import { describe, expect, test } from '@jest/globals'
import { readClassicSettings } from './classic-settings.js'

describe('what the code of a classic application sets', () => {
  test.each([
    ['is taken where this host has the same', { limits: { documentsWriteCount: 3 }, plugins: { shop: { any: 1 } } }, { limits: { documentsWriteCount: 3 }, plugins: { shop: { any: 1 } } }, []],
    ['is put where this host has it', { http: { maxFormFileSize: '2MB' }, server: { port: 80 } }, { server: { port: 80, http: { maxFormFileSize: '2MB' } } }, []],
    ['is named and left out where this host has no use for it', { services: { a: 1 }, server: { strictSdkVersion: true, port: 1 } }, { server: { port: 1 } }, ['services', 'server.strictSdkVersion']],
    ['stays as it is where its value is wrong', { server: { port: 'x' } }, { server: { port: 'x' } }, []],
  ])('%s', (_promise, written, known, unknown) => {
    const read = readClassicSettings(written)
    expect(read.known).toEqual(known)
    expect([...read.unknown].sort()).toEqual([...unknown].sort())
  })
})

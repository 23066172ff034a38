import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { SecretsFile } from './secrets-file.js'

const KEY = 'sixteen characters or more'
let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'mortise-secrets-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (source: { key?: string; keyFile?: string } = { key: KEY }, name = 'secrets'): SecretsFile => new SecretsFile(join(folder, name), source)

describe('a secrets file', () => {
  test('that is not there holds nothing, and needs no key', () => {
    expect(open({}).read()).toEqual({})
  })

  test('begins with a text that may be written as it is', () => {
    open().writeText(open().readText())
    expect(open().read()).toEqual({})
  })

  test('holds what was written last, for its owner alone, and nothing lies beside it', () => {
    open().writeText('{"a":{"b":"1"}}')
    open().writeText('{"a":{"b":"2"}}')
    expect(open().read()).toEqual({ a: { b: '2' } })
    expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['secrets'])
  })

  test('is not written with a text that could not be read', () => {
    open().writeText('{"a":{"b":"1"}}')
    const before = readFileSync(join(folder, 'secrets'))
    expect(() => open().writeText('{"a":{"b":1}}')).toThrow(/has to be a text/)
    expect(readFileSync(join(folder, 'secrets'))).toEqual(before)
  })

  test('that cannot be written leaves nothing behind', () => {
    expect(() => open(undefined, 'nowhere/secrets').writeText('{}')).toThrow(/nowhere\/secrets: ENOENT/)
    expect(readdirSync(folder)).toEqual([])
  })

  test('takes its key from a file, without the line\'s end', () => {
    writeFileSync(join(folder, 'key'), `${KEY}\n`)
    open().writeText('{"a":{"b":"1"}}')
    expect(open({ keyFile: join(folder, 'key') }).read()).toEqual({ a: { b: '1' } })
    expect(() => open({ keyFile: join(folder, 'nowhere') }).read()).toThrow(/nowhere: the key cannot be read/)
  })

  test('is named by what is wrong with it', () => {
    open().writeText('{"a":{"b":"1"}}')
    for (const source of [{}, { key: '' }, { key: 'another key that is long enough' }]) {
      expect(() => open(source).read()).toThrow(join(folder, 'secrets'))
    }
  })
})

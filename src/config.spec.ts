import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { checkConfig, loadSettings, type ConfigError } from './config.js'

let root: string
beforeEach(() => { root = mkdtempSync(join(tmpdir(), 'mortise-config-')) })
afterEach(() => rmSync(root, { recursive: true, force: true }))

const load = (text?: string, environment: Record<string, string> = {}, file?: string) => {
  if (text !== undefined) writeFileSync(join(root, 'mortise.config.json'), text)
  return loadSettings({ root, file, environment })
}

describe('settings', () => {
  test('are the defaults where nothing is said', () => {
    expect(load().config).toMatchObject({ server: { port: 7512, maxRequestSize: 1024 ** 2 }, plugins: { common: { pipeTimeout: 5000 } } })
  })

  test('are read from a file with comments and trailing commas, below the environment', () => {
    const { config } = load('{ /* door */ "server": { "port": 1, "host": "a" }, }', { MORTISE_SERVER__PORT: '2' })
    expect(config.server).toMatchObject({ port: 2, host: 'a' })
  })

  test('keep secrets apart', () => {
    const { config, readSecrets } = load('{}', { MORTISE_SECRETS__CHECKOUT__KEY: 'k' })
    expect(readSecrets()).toEqual({ checkout: { key: 'k' } })
    expect(JSON.stringify(config)).not.toContain('checkout')
  })

  test.each([
    ['{ "a": ', /mortise\.config\.json:1: /],
    ['{\n"server": {\n"port" 1 } }', /mortise\.config\.json:3: /],
    ['[]', /expected an object/],
  ])('of a file that is no configuration are refused with its line: %j', (text, words) => {
    expect(() => load(text)).toThrow(words)
  })

  test('of a file that was asked for and is not there are refused', () => {
    expect(() => load(undefined, {}, 'other.json')).toThrow(/other\.json: there is no such file/)
  })

  test('name every wrong key, with the nearest right one', () => {
    const fault = catchFault(() => checkConfig({ server: { prot: 1, host: 5 }, sever: {} }))
    expect([...fault.faults].sort()).toEqual([
      expect.stringMatching(/^server\.host: /),
      'server.prot: there is no such key. Did you mean "port"?',
      'sever: there is no such key. Did you mean "server"?',
    ])
  })
})

function catchFault(check: () => unknown): ConfigError {
  try {
    check()
  } catch (error) {
    return error as ConfigError
  }
  throw new Error('it was taken')
}

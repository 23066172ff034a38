import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { encryptSecret } from '../test/support/install-application.js'
import { openVault } from './secrets-vault.js'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mortise-vault-'))
  mkdirSync(join(root, 'config'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const write = (file = 'config/secrets.enc.json'): void =>
  writeFileSync(join(root, file), JSON.stringify({ mail: { password: encryptSecret('pass word', 'k'), deep: { er: encryptSecret('ü', 'k') } } }))
const opened = { mail: { password: 'pass word', deep: { er: 'ü' } } }

describe('a vault', () => {
  test('is empty where there is neither file nor key', () => {
    expect(openVault({ root, environment: {} })).toEqual({})
  })

  test('is opened by the key of the environment, at its place or where the environment says', () => {
    write()
    write('other.json')
    expect(openVault({ root, environment: { KUZZLE_VAULT_KEY: 'k' } })).toEqual(opened)
    expect(openVault({ root, environment: { KUZZLE_VAULT_KEY: 'k', KUZZLE_SECRETS_FILE: 'other.json' } })).toEqual(opened)
  })

  test('is opened by what code says before the environment', () => {
    write('other.json')
    expect(openVault({ root, key: 'k', file: 'other.json', environment: { KUZZLE_VAULT_KEY: 'wrong', KUZZLE_SECRETS_FILE: 'none' } })).toEqual(opened)
  })

  test('that is made as the classic tool makes it, is read', () => {
    // Made by OpenSSL: `printf secret | openssl enc -aes-256-cbc -K $(printf k | sha256sum) -iv 000102030405060708090a0b0c0d0e0f`
    writeFileSync(join(root, 'config/secrets.enc.json'), JSON.stringify({ a: '2a58e4e430fb9011ab4e0d2c67e1c02c.000102030405060708090a0b0c0d0e0f' }))
    expect(openVault({ root, key: 'k', environment: {} })).toEqual({ a: 'secret' })
  })

  test.each([
    ['core.vault.key_not_found', 'a file without a key', {}, true],
    ['core.vault.cannot_decrypt', 'a key without a file', { key: 'k' }, false],
    ['core.vault.cannot_decrypt', 'a wrong key', { key: 'wrong' }, true],
    ['core.vault.cannot_decrypt', 'a file that is not there', { file: 'none.json', key: 'k' }, true],
  ])('is refused with %s for %s', (id, _fault, given, hasFile) => {
    if (hasFile) write()
    expect(() => openVault({ root, environment: {}, ...given })).toThrow(expect.objectContaining({ id, hint: expect.any(String) }))
  })
})

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { LockFile } from './lock-file.js'

let folder: string
let lock: LockFile
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mortise-lock-'))
  lock = new LockFile(join(folder, 'plugins.lock.json'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const plugin = (version: string) => ({ package: 'geo', version, from: 'geo', content: 'sha512-x' })

describe('the lock file', () => {
  test('holds nothing as long as there is none', async () => {
    expect(await lock.read()).toEqual({})
  })

  test('holds plugins by name, sorted, and leaves nothing beside it', async () => {
    await lock.set('geo', plugin('1.0.0'))
    await lock.set('alpha', plugin('2.0.0'))
    await lock.set('geo', plugin('1.1.0'))
    expect(await lock.read()).toEqual({ alpha: plugin('2.0.0'), geo: plugin('1.1.0') })
    expect(Object.keys((JSON.parse(readFileSync(lock.path, 'utf8')) as { plugins: object }).plugins)).toEqual(['alpha', 'geo'])
    expect(readdirSync(folder)).toEqual(['plugins.lock.json'])
  })

  test('forgets one and keeps the others', async () => {
    await lock.set('geo', plugin('1.0.0'))
    await lock.set('alpha', plugin('2.0.0'))
    await lock.delete('geo')
    expect(await lock.read()).toEqual({ alpha: plugin('2.0.0') })
  })

  test.each([['{ "lockfileVersion": 1,', 'JSON'], ['[]', 'another form'], ['{ "lockfileVersion": 2, "plugins": {} }', 'another form'], ['{ "lockfileVersion": 1, "plugins": [] }', 'another form']])(
    'that reads %s is told, and neither guessed at nor overwritten', async (text, words) => {
      writeFileSync(lock.path, text)
      await expect(lock.read()).rejects.toMatchObject({ id: 'plugin.integrity.unreadable_lock', message: expect.stringContaining(words), hint: expect.stringContaining('Put it back') })
      await expect(lock.set('geo', plugin('1.0.0'))).rejects.toMatchObject({ id: 'plugin.integrity.unreadable_lock' })
      expect(readFileSync(lock.path, 'utf8')).toBe(text)
    })
})

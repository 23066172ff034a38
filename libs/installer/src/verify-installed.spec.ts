import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { digestFolder } from './digest-folder.js'
import { LockFile } from './lock-file.js'
import { verifyInstalled } from './verify-installed.js'

let root: string
let lockFile: LockFile
const folderOf = (name: string): string => join(root, 'available', name)

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'mortise-verify-'))
  lockFile = new LockFile(join(root, 'plugins.lock.json'))
  mkdirSync(join(root, 'enabled'))
  for (const name of ['geo', 'own']) {
    mkdirSync(folderOf(name), { recursive: true })
    writeFileSync(join(folderOf(name), 'index.js'), 'a')
    symlinkSync(`../available/${name}`, join(root, 'enabled', name))
  }
  await lockFile.set('geo', { package: 'geo', version: '1.0.0', from: 'geo', content: (await digestFolder(folderOf('geo'))).content })
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const verify = (names = ['geo', 'own']) => verifyInstalled({ lockFile, available: join(root, 'available'), folders: names.map((name) => join(root, 'enabled', name)) })

test('what is as it was installed is no fault, and a plugin of one\'s own may change', async () => {
  writeFileSync(join(folderOf('own'), 'index.js'), 'b')
  expect(await verify()).toEqual([])
})

test('what has changed is told, with every way out', async () => {
  writeFileSync(join(folderOf('geo'), 'index.js'), 'b')
  expect(await verify()).toMatchObject([{
    id: 'plugin.integrity.changed', message: 'Plugin "geo" is not what was installed: its folder differs from version 1.0.0 in the lock file.', place: expect.stringMatching(/available\/geo$/),
    hint: expect.stringMatching(/plugins update geo[^]+plugins lock geo[^]+plugins\.common\.integrity/),
  }])
})

test('what is not to be loaded is not looked at', async () => {
  writeFileSync(join(folderOf('geo'), 'index.js'), 'b')
  expect(await verify(['own'])).toEqual([])
  expect(await verify(['own', 'gone'])).toEqual([])
})

test('a lock file that cannot be read is no reason to skip the comparison', async () => {
  writeFileSync(lockFile.path, '{')
  await expect(verify()).rejects.toMatchObject({ id: 'plugin.integrity.unreadable_lock' })
})

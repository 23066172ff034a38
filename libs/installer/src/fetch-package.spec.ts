import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { digestFolder } from './digest-folder.js'
import { fetchPackage } from './fetch-package.js'
import { LockFile } from './lock-file.js'
import { readSource } from './plugin-source.js'
import { verifyInstalled } from './verify-installed.js'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mortise-fetch-'))
  for (const folder of ['geo', 'staging', 'available']) mkdirSync(join(root, folder))
  writeFileSync(join(root, 'geo/package.json'), JSON.stringify({ name: '@acme/geo', version: '1.2.0', main: 'index.js' }))
  writeFileSync(join(root, 'geo/index.js'), 'module.exports = class {}')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('what was fetched is written down, and told from what somebody has made of it', async () => {
  const [lockFile, staging, available] = [new LockFile(join(root, 'plugins.lock.json')), join(root, 'staging'), join(root, 'available')]
  const folders = [join(available, 'geo')]

  const fetched = await fetchPackage(await readSource('./geo', root), staging, join(root, '.npmrc'))
  const { content } = await digestFolder(fetched.folder)
  await lockFile.set('geo', { package: fetched.name, version: fetched.version, from: './geo', integrity: fetched.integrity, content })
  cpSync(fetched.folder, join(available, 'geo'), { recursive: true })
  const faults = await verifyInstalled({ lockFile, available, folders })

  expect([fetched, faults]).toMatchObject([{ name: '@acme/geo', version: '1.2.0', withScripts: [] }, []])
  appendFileSync(join(available, 'geo/index.js'), '\n')
  expect(await verifyInstalled({ lockFile, available, folders })).toMatchObject([{ id: 'plugin.integrity.changed' }])
}, 120_000)

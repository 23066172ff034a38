import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { until } from '../../../test/support/until.js'
import { lastChange } from './last-change.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mortise-change-'))
  write('package.json', '{ "main": "dist/index.js" }')
  write('dist/index.js')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(path: string, text = ''): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

/** Does something once the clock of the file system has moved on, and tells whether that counts as a change. */
async function isChangedBy(act: () => void): Promise<boolean> {
  const before = await lastChange(folder)
  await until(() => {
    writeFileSync(join(folder, '.clock'), '')
    return Date.now()
  }, (now) => now > before + 20)
  act()
  return await lastChange(folder) > before
}

describe('a package is changed by', () => {
  test.each<[string, () => void]>([
    ['its entry', () => write('dist/index.js', 'more')],
    ['a file deep beside its entry', () => write('dist/lib/deep/more.js')],
    ['a file that goes', () => rmSync(join(folder, 'dist/index.js'))],
    ['a file that is renamed', () => renameSync(join(folder, 'dist/index.js'), join(folder, 'dist/index.mjs'))],
    ['a file that is put in place with an old time', () => {
      write('dist/old.js')
      utimesSync(join(folder, 'dist/old.js'), 1, 1)
    }],
    ['its package.json', () => write('package.json', '{ "main": "dist/index.js", "version": "2.0.0" }')],
    ['its manifest.json', () => write('manifest.json', '{}')],
  ])('%s', async (_, act) => {
    expect(await isChangedBy(act)).toBe(true)
  })
})

describe('a package is not changed by', () => {
  test.each<[string, () => void]>([
    ['its source, as long as it is not built', () => write('src/index.ts', 'more')],
    ['packages that it has installed', () => write('dist/node_modules/left-pad/index.js')],
    ['hidden files', () => write('.git/HEAD')],
  ])('%s', async (_, act) => {
    mkdirSync(join(folder, 'dist/node_modules'), { recursive: true })
    expect(await isChangedBy(act)).toBe(false)
  })
})

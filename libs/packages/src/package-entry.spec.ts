import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { resolveEntry } from './package-entry.js'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'mortise-entry-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function entryOf(packageJson: Record<string, unknown>, ...files: string[]): Promise<string | undefined> {
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), '')
  }
  const { file } = await resolveEntry(folder, packageJson)
  return file && relative(folder, file)
}

describe('the entry of a package', () => {
  test.each([
    ['is index.js when nothing is said', {}, ['index.js', 'index.mjs'], 'index.js'],
    ['may be index.mjs', {}, ['index.mjs'], 'index.mjs'],
    ['may be index.cjs', {}, ['index.cjs'], 'index.cjs'],
    ['is what main says', { main: 'lib/plugin.js' }, ['index.js', 'lib/plugin.js'], 'lib/plugin.js'],
    ['may leave the ending out', { main: 'lib/plugin' }, ['lib/plugin.js'], 'lib/plugin.js'],
    ['may be a folder', { main: 'lib' }, ['lib/index.js'], 'lib/index.js'],
    ['is what exports says, rather than main', { main: 'old.js', exports: './new.js' }, ['old.js', 'new.js'], 'new.js'],
    ['is under "." of exports', { exports: { '.': { types: './x.d.ts', default: './new.js' }, './more': './more.js' } }, ['new.js', 'x.d.ts'], 'new.js'],
    ['is for import rather than for require', { exports: { require: './a.cjs', import: { node: './a.mjs' } } }, ['a.cjs', 'a.mjs'], 'a.mjs'],
    ['is the first of alternatives', { exports: [{ browser: './b.js' }, './a.js'] }, ['a.js'], 'a.js'],
  ])('%s', async (_what, packageJson, files, entry) => {
    expect(await entryOf(packageJson, ...files)).toBe(entry)
  })

  test('is none when what is declared is missing, even beside an index.js', async () => {
    expect(await entryOf({ main: 'dist/index.js' }, 'index.js')).toBeUndefined()
    expect((await resolveEntry(folder, { main: 'dist/index.js' })).declared).toBe('dist/index.js')
  })
})

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { readSource } from './plugin-source.js'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'mortise-source-'))
  mkdirSync(join(root, 'geo'))
  writeFileSync(join(root, 'geo-1.0.0.tgz'), '')
  writeFileSync(join(root, 'notes.txt'), '')
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

test.each(['kuzzle-plugin-logger', '@acme/geo', 'geo@1.2.0', '@acme/geo@^1.2', 'geo@latest', 'geo@>=1 <2'.replace(' ', ',')])('%s is a name', async (text) => {
  expect(await readSource(text, root)).toEqual({ kind: 'registry', spec: text, from: text })
})

test('a folder is told from a package of the same name by how it is written', async () => {
  expect(await readSource('./geo', root)).toEqual({ kind: 'folder', spec: join(root, 'geo'), from: './geo' })
  expect(await readSource(join(root, 'geo'), '/')).toMatchObject({ kind: 'folder', spec: join(root, 'geo') })
  expect(await readSource('geo', root)).toMatchObject({ kind: 'registry' })
})

test('a tarball is a file', async () => {
  expect(await readSource('geo-1.0.0.tgz', root)).toEqual({ kind: 'tarball', spec: join(root, 'geo-1.0.0.tgz'), from: 'geo-1.0.0.tgz' })
})

test.each([
  'github:acme/geo', 'acme/geo', 'git+https://example.com/geo.git', 'https://example.com/geo.tgz', './gone', 'notes.txt.tgz/../x', '--registry=http://evil', '-g', '', 'geo; rm -rf x', 'geo geo', 'GEO', './notes.txt',
])('"%s" is none of them, and what would be is told', async (text) => {
  await expect(readSource(text, root)).rejects.toMatchObject({ id: 'plugin.assert.cannot_load', hint: expect.stringContaining('Write a name such as') })
})

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { digestFolder } from './digest-folder.js'

let folder: string
const write = (path: string, text: string): void => writeFileSync(join(folder, path), text)
const contentOf = async (): Promise<string> => (await digestFolder(folder)).content

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mortise-digest-'))
  mkdirSync(join(folder, 'node_modules/dep'), { recursive: true })
  write('a.js', 'a')
  write('node_modules/dep/index.js', 'dep')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a digest is that of every file by its path', async () => {
  const { content, files } = await digestFolder(folder)
  expect(content).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/)
  expect([...files.keys()]).toEqual(['a.js', 'node_modules/dep/index.js'])
  expect(await contentOf()).toBe(content)
})

test.each<[string, () => void]>([
  ['a changed file', () => write('a.js', 'b')],
  ['a new file', () => write('b.js', '')],
  ['a file that is gone', () => rmSync(join(folder, 'a.js'))],
  ['another name', () => { rmSync(join(folder, 'a.js')); write('b.js', 'a') }],
  ['a changed dependency', () => write('node_modules/dep/index.js', 'evil')],
  ['a link', () => symlinkSync('/etc', join(folder, 'link'))],
  ['a file that became a link to the same', () => { rmSync(join(folder, 'a.js')); symlinkSync('node_modules/dep/index.js', join(folder, 'a.js')) }],
])('%s changes it', async (_what, change) => {
  const before = await contentOf()
  change()
  expect(await contentOf()).not.toBe(before)
})

test('what moves between files does not go unseen', async () => {
  write('b.js', 'bc')
  const before = await contentOf()
  write('a.js', 'ab')
  write('b.js', 'c')
  expect(await contentOf()).not.toBe(before)
})

test('many files are no trouble', async () => {
  for (let number = 0; number < 300; number++) write(`f${number}.js`, String(number))
  expect((await digestFolder(folder)).files.size).toBe(302)
})

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const page = readFileSync(join(ROOT, 'libs/classic/TRAPS.md'), 'utf8')

/** Rows of the table under a heading, cell by cell. */
function rowsUnder(heading: string): string[][] {
  const section = page.split(/^## /m).find((text) => text.startsWith(heading)) ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('| ')).map((line) => line.slice(2, -2).split(' | '))
  return rows.slice(1)
}

const traps = rowsUnder('What broke real plugins')
const switches = rowsUnder('Where the generations contradict each other')

/** Texts of a spec's source that may be titles, as they read: those that begin an argument, or a row of a table of tests. */
const titlesOf = (file: string): string[] =>
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(/[([] *'((?:[^'\\\n]|\\.)*)',/g)].map(([, title]) => (title ?? '').replaceAll('\\\'', '\''))

test('every trap is in the table, in its order', () => {
  expect(traps.map(([number]) => Number(number))).toEqual(Array.from({ length: 25 }, (_, index) => index + 1))
  expect(switches.length).toBeGreaterThanOrEqual(33)
})

describe.each([...traps.map((row) => row.slice(1)), ...switches])('%s', (_topic, plugin, place) => {
  const [file, title] = (place ?? '').split(' › ') as [string, string]

  test('is tested where the table says', () => {
    expect(titlesOf(file)).toContain(title)
  })

  test('has a plugin that relies on it', () => {
    expect(plugin === 'in the test' || existsSync(join(ROOT, 'test/fixtures/plugins', plugin ?? '', 'index.js'))).toBe(true)
  })
})

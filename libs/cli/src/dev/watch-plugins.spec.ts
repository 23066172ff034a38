import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { watchPlugins } from './watch-plugins.js'

let available: string
let end: () => void
let told: string[][]
beforeEach(() => {
  available = mkdtempSync(join(tmpdir(), 'mortise-watch-'))
  mkdirSync(join(available, 'geo/src'), { recursive: true })
  mkdirSync(join(available, 'geo/dist'))
  write('geo/src/index.ts')
  told = []
  end = watchPlugins(available, (names) => told.push([...names].sort()))
})
afterEach(() => {
  end()
  rmSync(available, { recursive: true, force: true })
})

const write = (path: string): void => writeFileSync(join(available, path), '')

/** Resolves once so many changes have been told; the test's own time limit ends it. */
async function untilTold(count: number): Promise<void> {
  while (told.length < count) await new Promise((next) => { setTimeout(next, 10) })
}

test('a file that is written is told, time after time, also when another takes its place', async () => {
  write('geo/src/index.ts')
  await untilTold(1)
  for (let save = 2; save <= 4; save++) {
    write('geo/src/.index.ts.swp')
    renameSync(join(available, 'geo/src/.index.ts.swp'), join(available, 'geo/src/index.ts'))
    await untilTold(save)
  }
  write('geo/src/index.ts')
  await untilTold(5)
  expect(told.flat()).toEqual(Array(5).fill('geo'))
})

test('folders and plugins that come later are followed, too', async () => {
  mkdirSync(join(available, 'shop/src'), { recursive: true })
  await new Promise((next) => { setTimeout(next, 200) })
  const before = told.length
  write('shop/src/index.ts')
  await untilTold(before + 1)
  expect(told.at(-1)).toEqual(['shop'])
})

test('what is compiled, installed or tested is no change', async () => {
  write('geo/dist/index.js')
  mkdirSync(join(available, 'geo/node_modules'))
  write('geo/node_modules/x.js')
  await new Promise((next) => { setTimeout(next, 200) })
  write('geo/src/index.ts')
  await untilTold(1)
  expect(told).toEqual([['geo']])
})

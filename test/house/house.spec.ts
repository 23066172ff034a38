import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'

const floors = JSON.parse(readFileSync('test/house/floors.json', 'utf8')) as string[][]
const rooms = floors.flat()

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))

/** Lines that are neither blank nor comment. */
const codeLinesOf = (file: string): number =>
  readFileSync(file, 'utf8').split('\n').filter((line) => !/^\s*(\/\/|\*|\/\*|$)/.test(line)).length

const isTest = (file: string): boolean => /\.(spec|contract)\.ts$/.test(file)
const median = (numbers: number[]): number => numbers.sort((a, b) => a - b)[numbers.length >> 1] ?? 0
const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0)

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*(\.(module|controller|errors|protocol|format|contract|spec|types\.spec))?\.ts$/
const EMPTY_NAMES = /(^|-)(util|utils|helper|helpers|common|misc|manager|base|shared)(-|\.|$)/

test('the floors drawn in ARCHITECTURE.md are the floors that are enforced', () => {
  const drawn = [...readFileSync('ARCHITECTURE.md', 'utf8').matchAll(/^ *floor \d+ +(.+)$/gm)]
    .map(([, names]) => (names ?? '').split('  ')[0]?.trim().split(/ *[·|] */))
  expect(drawn.reverse()).toEqual(floors)
})

test('every room on disk stands on a floor', () => {
  expect(readdirSync('libs').sort()).toEqual([...rooms].sort())
})

test('registry, pipeline and loader stay small together', () => {
  const sources = ['registry', 'pipeline', 'loader'].flatMap((room) => filesOf(`libs/${room}/src`)).filter((file) => !isTest(file))
  expect(sum(sources.map(codeLinesOf))).toBeLessThanOrEqual(2200)
})

test('the first plugin that people read is short', () => {
  const lines = sum(filesOf('plugins/available/hello-world/src').filter((file) => !isTest(file)).map(codeLinesOf))
  expect(lines).toBeLessThanOrEqual(30)
})

describe.each(rooms)('libs/%s', (room) => {
  const root = `libs/${room}`
  const files = filesOf(`${root}/src`)
  const sources = files.filter((file) => !isTest(file))

  test('says in its README what it is for, on one page', () => {
    expect(existsSync(`${root}/README.md`)).toBe(true)
    expect(readFileSync(`${root}/README.md`, 'utf8').split('\n').length).toBeLessThanOrEqual(61)
  })

  test('has file names that say what is inside', () => {
    const bad = files.map((file) => basename(file)).filter((name) => !NAME.test(name) || EMPTY_NAMES.test(name))
    expect(bad).toEqual([])
  })

  test('keeps index.ts a list of exports', () => {
    const other = sources.filter((file) => basename(file) === 'index.ts').flatMap((file) => readFileSync(file, 'utf8')
      .split('\n').filter((line) => line.trim() && !/^(export (type )?(\{|\*)|\s+[\w$, ]+,?$|\} from|\/\/|\s*\/?\*)/.test(line)))
    expect(other).toEqual([])
  })

  test('is made of small files', () => {
    expect(median(sources.map(codeLinesOf))).toBeLessThanOrEqual(90)
    expect(sources.filter((file) => codeLinesOf(file) > 300)).toEqual([])
  })
})

describe('the words', () => {
  const places = ['src', 'libs', 'plugins/available', 'test'].filter((folder) => existsSync(folder)).flatMap(filesOf)
    .filter((file) => !file.includes('/node_modules/') && !file.includes('/dist/'))

  test('no source reads the environment or the command line outside src and tests', () => {
    const readers = places.filter((file) => !/^(src|test)\//.test(file) && !/\.spec\.ts$/.test(file))
      .filter((file) => /process\.(env|argv)\b/.test(readFileSync(file, 'utf8')))
    expect(readers).toEqual([])
  })

  test('nothing is left to do in a comment', () => {
    expect(places.filter((file) => /\b(TODO|FIXME|XXX)\b/.test(readFileSync(file, 'utf8')) && !file.includes('house.spec'))).toEqual([])
  })
})

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { compilePlugin } from './compile-plugin.js'
import { compilerOptions } from './compiler-options.js'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'mortise-compile-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A source whose time of change is given, so that no test depends on the clock. */
function write(path: string, text: string, time = 1_000): void {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  utimesSync(file, time, time)
}
const read = (path: string): string => readFileSync(join(folder, path), 'utf8')

describe('compiling a plugin', () => {
  test('makes JavaScript of every source, with types of constructors for injection and a map', async () => {
    write('src/index.ts', 'import { Plugin } from "@mortise/sdk"\nimport { A } from "./deep/a.js"\n@Plugin({ name: "p" })\nexport default class P { constructor(readonly a: A) {} }')
    write('src/deep/a.ts', 'export class A { x: number = 1 }')
    write('src/index.spec.ts', 'never')
    expect(await compilePlugin(folder)).toBe(2)
    expect(read('dist/index.js')).toMatch(/design:paramtypes[^]+sourceMappingURL=index\.js\.map/)
    expect(JSON.parse(read('dist/deep/a.js.map'))).toMatchObject({ sources: ['../../src/deep/a.ts'] })
    expect(existsSync(join(folder, 'dist/index.spec.js'))).toBe(false)
  })

  test('compiles again only what has changed', async () => {
    write('src/a.ts', 'export const a = 1')
    write('src/b.ts', 'export const b = 1')
    expect(await compilePlugin(folder)).toBe(2)
    expect(await compilePlugin(folder)).toBe(0)
    write('src/b.ts', 'export const b = 2', Date.now() / 1_000 + 60)
    expect(await compilePlugin(folder)).toBe(1)
    expect(read('dist/b.js')).toContain('b = 2')
  })

  test('leaves nothing of a source that is gone, and every other file alone', async () => {
    write('src/a.ts', 'export {}')
    write('dist/gone.js', '')
    write('dist/gone.js.map', '')
    write('dist/data.json', '{}')
    await compilePlugin(folder)
    expect(['gone.js', 'gone.js.map', 'data.json', 'a.js'].map((file) => existsSync(join(folder, 'dist', file)))).toEqual([false, false, true, true])
  })

  test('tells every file that is no TypeScript, and compiles the others', async () => {
    write('src/a.ts', 'export const = 1')
    write('src/b.ts', 'class {')
    write('src/c.ts', 'export const c = 1')
    await expect(compilePlugin(folder)).rejects.toThrow(/cannot be compiled:\nsrc\/a\.ts: [^]+src\/b\.ts: /)
    expect(existsSync(join(folder, 'dist/c.js'))).toBe(true)
  })

  test('has nothing to do without sources', async () => {
    write('index.js', '')
    expect(await compilePlugin(folder)).toBe(0)
    expect(existsSync(join(folder, 'dist'))).toBe(false)
  })
})

test('plugins are compiled here as they are by the build of the project', async () => {
  const build = await import(pathToFileURL(resolve('build.mjs')).href) as { compilerOptions: unknown }
  expect(build.compilerOptions).toEqual(compilerOptions)
})

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { hintForImport } from './hint-for-import.js'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'mortise-import-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What Node itself says of a package that cannot be imported: its words are what hints are found by. */
function failureOf(files: Record<string, string>, type: 'module' | 'commonjs' = 'module'): Error {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const entry = JSON.stringify(join(folder, Object.keys(files)[0] as string))
  const runner = join(folder, 'run.mjs')
  writeFileSync(runner, `import(${entry}).then(() => console.log('{}'), ({ name, message }) => console.log(JSON.stringify({ name, message })))`)
  const { name, message } = JSON.parse(execFileSync(process.execPath, ['--no-warnings', runner], { encoding: 'utf8' })) as Error
  return Object.assign(name === 'SyntaxError' ? new SyntaxError(message) : new Error(message), { name })
}

describe('a package that cannot be imported gets the hint that mends it', () => {
  test.each([
    ['a package that is not installed', { 'index.js': 'import "left-pad-of-nobody"' }, 'module', /npm install left-pad-of-nobody$/],
    ['a package that is not installed, required', { 'index.js': 'require("left-pad-of-nobody")' }, 'commonjs', /npm install left-pad-of-nobody$/],
    ['a scoped package, by the name of a file in it', { 'index.js': 'import "@nobody/at-all/file.js"' }, 'module', /npm install @nobody\/at-all$/],
    ['an import without extension', { 'index.js': 'import "./orders"', 'orders.js': '' }, 'module', /with its file and extension/],
    ['an import of a folder', { 'index.js': 'import "./orders"', 'orders/index.js': '' }, 'module', /with its file and extension/],
    ['a file that is not there', { 'index.js': 'import "./orders.js"' }, 'module', /npm run build/],
    ['modules in a circle', { 'index.js': 'import { B } from "./b.js"; export class A {}', 'b.js': 'import { A } from "./index.js"; export class B extends A {}' }, 'module', /circle/],
    ['ES modules in a package of CommonJS', { 'index.js': 'import "node:fs"; export default class {}' }, 'commonjs', /Write "type": "module"/],
    ['an export alone in a package of CommonJS', { 'index.js': 'export default class {}' }, 'commonjs', /Write "type": "module"/],
    ['CommonJS in a package of ES modules', { 'index.js': 'const fs = require("node:fs")' }, 'module', /Write "import" and "export"/],
    ['module.exports in a package of ES modules', { 'index.js': 'module.exports = class {}' }, 'module', /Write "import" and "export"/],
    ['a name that is not exported', { 'index.js': 'import { A } from "./a.js"', 'a.js': 'export const a = 1' }, 'module', /import type/],
    ['TypeScript that was not compiled', { 'index.ts': 'export default class {}' }, 'module', /Compile it/],
    ['a slip of the pen', { 'index.js': 'class A { foo( }' }, 'module', /^Correct what is written there; "node --check"/],
    ['anything else', { 'index.js': 'throw new Error("the moon is full")' }, 'module', /^Correct what its modules do when they are loaded\.$/],
  ] as const)('%s', (_what, files, type, hint) => {
    expect(hintForImport(failureOf(files, type))).toMatch(hint)
  })

  test('also when what it throws is no error', () => {
    for (const thrown of [undefined, null, 'text', { message: 1 }]) expect(hintForImport(thrown)).toBe('Correct what its modules do when they are loaded.')
  })
})

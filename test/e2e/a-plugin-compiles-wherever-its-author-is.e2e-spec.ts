import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

/** Plugins that ship, as somebody would have written them elsewhere. */
const PLUGINS = ['hello-world', 'created-at', 'stock-guard', 'deletion-log']

/** What is seen through the declarations: each marked line must not compile. */
const PROGRAM = `
import { createError, Hook, NotFoundError, PartialError, Pipe, type EventDocument, type Request } from '@mortise/sdk'
import { createTestHost } from '@mortise/sdk/testing'
import StockGuard from './stock-guard/index.js'

export class Listeners {
  @Pipe('document:before*')
  every(request: Request) { return request }

  @Hook('generic:document:after*')
  documents(_documents: EventDocument[], _request: Request) {}

  // @ts-expect-error -- no such event
  @Hook('document:afterCraete')
  misspelt() {}

  // @ts-expect-error -- a pipe gives its payload back
  @Pipe('generic:document:before*')
  silent(_documents: EventDocument[]) {}
}

export const missing: Error = createError('services.storage.not_found', 'ghost', 'shop', 'orders')
// @ts-expect-error -- the error is made of three facts
createError('services.storage.not_found', 'ghost')
export const status: number = new NotFoundError('gone').status + NotFoundError.status
export const parts: readonly unknown[] = new PartialError('some', []).errors

const host = await createTestHost({ plugins: [StockGuard] })
export const paid: { amount: number } = await host.call({ controller: 'checkout/payment', action: 'pay' })
`

/** Ways of people to set up their compiler; each reads the SDK as it is published and checks it with the rest. */
const WAYS = {
  'as strictly as it goes, for Node': {
    module: 'nodenext', moduleResolution: 'nodenext', strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noImplicitOverride: true,
    noPropertyAccessFromIndexSignature: true, noUnusedLocals: false, isolatedModules: true, verbatimModuleSyntax: true,
  },
  'for a bundler': { module: 'esnext', moduleResolution: 'bundler', strict: true },
  'as laxly as of old': { module: 'nodenext', moduleResolution: 'nodenext', strict: false },
}

let root: string

/** A project of somebody's: the SDK's published files, copied, and the packages that the plugins need. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'mortise-author-'))
  const { files } = JSON.parse(readFileSync('libs/sdk/package.json', 'utf8')) as { files: string[] }
  for (const path of ['package.json', ...files]) cpSync(join('libs/sdk', path), join(root, 'node_modules/@mortise/sdk', path), { recursive: true })
  for (const name of ['zod', '@types/node', 'undici-types', 'reflect-metadata']) {
    mkdirSync(dirname(join(root, 'node_modules', name)), { recursive: true })
    symlinkSync(resolve('node_modules', name), join(root, 'node_modules', name))
  }
  for (const name of PLUGINS) cpSync(join('plugins/available', name, 'src'), join(root, 'src', name), { recursive: true })
  writeFileSync(join(root, 'src/program.ts'), PROGRAM)
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }')
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Compiles the project; yields the faults, and which files of the SDK were read. */
async function compile(options: object): Promise<{ faults: string[]; read: string[] }> {
  const common = { target: 'es2022', lib: ['es2022'], types: ['node'], experimentalDecorators: true, emitDecoratorMetadata: true, skipLibCheck: false, noEmit: true, listFiles: true }
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...common, ...options }, include: ['src'] }))
  const said = await new Promise<string>((done) => {
    execFile(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', root, '--pretty', 'false'], { cwd: root }, (_error, out) => done(out))
  })
  const lines = said.split('\n').filter((line) => line !== '')
  return { faults: lines.filter((line) => !/^\/.*\.[cm]?ts$/.test(line)), read: lines.filter((line) => line.includes('/@mortise/sdk/')) }
}

describe('a project outside of this one, whose compiler checks what it imports, too', () => {
  test.each(Object.entries(WAYS))('compiles %s, against declarations alone', async (_way, options) => {
    const { faults, read } = await compile(options)
    expect(faults).toEqual([])
    expect(read.length).toBeGreaterThan(30)
    expect(read.filter((file) => !file.includes('/@mortise/sdk/dist/') || !file.endsWith('.d.ts'))).toEqual([])
  }, 600_000)
})

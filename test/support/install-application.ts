import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { transformSync } from '@swc/core'

const APPLICATIONS = resolve('test/fixtures/applications')

/**
 * A classic application's folder as its people have it: its sources compiled to CommonJS, as TypeScript does where
 * package.json says nothing else, and what it depends on installed. The fixture's own types are checked with all others.
 */
export function installApplication(name: string): string {
  const root = mkdtempSync(join(tmpdir(), `mortise-${name}-`))
  mkdirSync(join(root, 'node_modules'))
  for (const dependency of ['kuzzle', 'kuzzle-sdk']) symlinkSync(resolve('node_modules', dependency), join(root, 'node_modules', dependency))
  symlinkSync(resolve('.'), join(root, 'node_modules/mortise'))
  const { type: _type, ...manifest } = JSON.parse(readFileSync(join(APPLICATIONS, name, 'package.json'), 'utf8')) as Record<string, unknown>
  writeFileSync(join(root, 'package.json'), JSON.stringify(manifest))
  for (const file of readdirSync(join(APPLICATIONS, name)).filter((entry) => entry.endsWith('.ts'))) {
    const { code } = transformSync(readFileSync(join(APPLICATIONS, name, file), 'utf8'), {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2020', keepClassNames: true }, module: { type: 'commonjs' }, swcrc: false,
    })
    writeFileSync(join(root, file.replace(/\.ts$/, '.js')), code)
  }
  return root
}

/** A text as the classic vault's tool encrypts it. */
export function encryptSecret(text: string, key: string): string {
  const vector = randomBytes(16)
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), vector)
  return `${cipher.update(text, 'utf8', 'hex')}${cipher.final('hex')}.${vector.toString('hex')}`
}

import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { compileTypes } from '../../support/compile-types.js'

/** What a reader imports, and has of their own, beside what the page shows. */
const AROUND = `
import { createHash } from 'node:crypto'
import { BadRequestError, Config, PluginStore, Secrets, Strategy, type PassportRequest } from '@mortise/sdk'
import { Strategy as SamlStrategy, type PassportSamlConfig, type VerifyWithRequest } from '@node-saml/passport-saml'
import { BasicStrategy } from 'passport-http'
import { Strategy as BearerStrategy } from 'passport-http-bearer'
import { ExtractJwt, Strategy as JwtStrategy } from 'passport-jwt'
import LdapStrategy from 'passport-ldapauth'

interface LdapServer { url: string; bindDN: string; searchBase: string; searchFilter: string }
abstract class Directory { abstract isPassword(name: string, password: string): boolean }
`

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mortise-strategies-'))
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const page = readFileSync('plugins/available/auth-local/README.md', 'utf8')
const guides = [...page.slice(page.indexOf('## Other ways to log in')).matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code = '']) => code)

test('the ways to log in that the page shows compile as they are written, and are a dozen lines each', async () => {
  const strategies = guides.flatMap((code) => [...code.matchAll(/@Strategy\('(\w+)'/g)].map(([, name]) => name))
  expect(strategies).toEqual(['ldap', 'saml', 'jwt', 'basic', 'token'])
  for (const code of guides) expect(code.split('\n').length).toBeLessThanOrEqual(13)
  writeFileSync(join(folder, 'guides.ts'), `${AROUND}\n${guides.join('\n')}`)
  expect(await compileTypes(folder, ['guides.ts', resolve('test/support/untyped-packages.d.ts')])).toEqual([])
}, 60_000)

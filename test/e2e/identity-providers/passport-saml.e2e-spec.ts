import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Config, Plugin, Strategy, type PassportRequest } from '@mortise/sdk'
import { Strategy as SamlStrategy, type PassportSamlConfig, type VerifyWithRequest } from '@node-saml/passport-saml'
import samlp from 'samlp'
import { generate } from 'selfsigned'
import { findFreePort, NoCredentials, REFUSED, startLoginHost, type LoginHost } from '../../support/start-login-host.js'

class Saml extends SamlStrategy {
  constructor(options: PassportSamlConfig & { passReqToCallback: true }, verify: VerifyWithRequest) {
    super(options, verify, (_request, _profile, done) => done(null))   // SAML also logs out; this one does not
  }
}

@Strategy('saml', { strategy: Saml, options: (self: SamlLogin) => self.config.values })
class SamlLogin extends NoCredentials {
  constructor(readonly config: Config<PassportSamlConfig>) { super() }
  async verify(_request: PassportRequest, profile: { nameID: string }) { return { kuid: profile.nameID } }
}

@Plugin({ name: 'saml', providers: [SamlLogin] })
class SamlPlugin {}

interface Keys { private: string; cert: string }

/** Who an answer is about, for whom and by whom it is signed. */
interface Statement { name: string; audience: string; keys: Keys }

let keys: Keys
let statement: Statement
let provider: Server
let host: LoginHost

beforeAll(async () => {
  keys = await generate([{ name: 'commonName', value: 'provider' }])
  statement = { name: 'ann', audience: 'mortise', keys }
  const port = await findFreePort()
  const callbackUrl = `http://127.0.0.1:${port}/_login/saml`
  provider = await startProvider(callbackUrl)
  const saml = {
    entryPoint: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/`, callbackUrl, issuer: 'mortise', audience: 'mortise', idpCert: keys.cert,
    wantAssertionsSigned: false, wantAuthnResponseSigned: true, validateInResponseTo: 'always',
  }
  host = await startLoginHost({ plugins: [SamlPlugin], port, config: { plugins: { saml } } })
})
afterAll(async () => {
  provider.closeAllConnections()
  provider.close()
  await host.close()
})

/** A provider that states whatever `statement` says. */
async function startProvider(callbackUrl: string): Promise<Server> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const { name, audience, keys: { private: key, cert } } = statement
    const state = samlp.auth({
      issuer: 'provider', audience, cert, key, signResponse: true, signatureAlgorithm: 'rsa-sha256', digestAlgorithm: 'sha256',
      getPostURL: (_audience: unknown, _dom: unknown, _request: unknown, done: (error: null, url: string) => void) => done(null, callbackUrl),
      getUserFromRequest: () => ({ id: name, displayName: name, emails: [], name: {} }),
    })
    const query = Object.fromEntries(new URL(request.url ?? '/', 'http://provider').searchParams)
    const express = { set: (header: string, value: string) => response.setHeader(header, value), send: (page: string) => response.end(String(page)) }
    state(Object.assign(request, { query }), Object.assign(response, express), (error) => response.end(String(error)))
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return server
}

/** To the provider, whose page is a form that posts itself: where to, and what. */
async function travel(over: Partial<Statement> = {}): Promise<{ action: string; response: string }> {
  statement = { name: 'ann', audience: 'mortise', keys, ...over }
  const away = await fetch(`${host.url}/_login/saml`, { redirect: 'manual' })
  expect(away.status).toBe(302)
  const page = await (await fetch(String(away.headers.get('location')))).text()
  const [, action = '', response = ''] = /action="([^"]+)"[\s\S]*name="SAMLResponse"\s+value="([^"]+)"/.exec(page) ?? []
  return { action, response }
}

async function post(response: string): ReturnType<LoginHost['logIn']> {
  const answer = await fetch(`${host.url}/_login/saml`, { method: 'POST', body: new URLSearchParams({ SAMLResponse: response }) })
  return answer.json()
}

const change = (response: string, from: string | RegExp, to: string): string => {
  const before = Buffer.from(response, 'base64').toString()
  const after = before.replace(from, to)
  expect(after).not.toBe(before)
  return Buffer.from(after).toString('base64')
}

const SIGNATURE = /<Signature[\s\S]*?<\/Signature>/

test('an answer that the provider signed gets in, and the token works', async () => {
  const { action, response } = await travel()
  expect(action).toBe(`${host.url}/_login/saml`)
  const { status, result } = await post(response)
  expect({ status, kuid: result._id }).toEqual({ status: 200, kuid: 'ann' })
  expect(await host.whoIs(result.jwt)).toBe('ann')
})

test('an answer is good once', async () => {
  const { response } = await travel()
  expect((await post(response)).status).toBe(200)
  expect(await post(response)).toMatchObject(REFUSED)
})

test('an answer about somebody else than was signed is refused', async () => {
  expect(await post(change((await travel()).response, />ann</, '>boss<'))).toMatchObject(REFUSED)
})

test('an answer with a comment inside the name is refused, for some readers end there', async () => {
  expect(await post(change((await travel()).response, />ann</, '>boss<!-- -->ann<'))).toMatchObject(REFUSED)
})

test('an answer without its signature is refused', async () => {
  expect(await post(change((await travel()).response, SIGNATURE, ''))).toMatchObject(REFUSED)
})

test('an answer with an assertion smuggled in beside the signed one is refused', async () => {
  const { response } = await travel()
  const [assertion = ''] = /<saml:Assertion[\s\S]*?<\/saml:Assertion>/.exec(Buffer.from(response, 'base64').toString()) ?? []
  expect(assertion).toContain('>ann<')
  expect(await post(change(response, assertion, assertion.replace('>ann<', '>boss<').replace(/ID="[^"]+"/, 'ID="_other"') + assertion))).toMatchObject(REFUSED)
})

test('an answer signed by somebody else is refused, with or without their certificate', async () => {
  const others = await generate([{ name: 'commonName', value: 'provider' }])
  const { response } = await travel({ keys: others })
  expect(await post(response)).toMatchObject(REFUSED)
  expect(await post(change(response, /<KeyInfo>[\s\S]*?<\/KeyInfo>/, ''))).toMatchObject(REFUSED)
})

test('an answer for another audience is refused', async () => {
  expect(await post((await travel({ audience: 'elsewhere' })).response)).toMatchObject(REFUSED)
})

test('an answer that nobody asked for is refused', async () => {
  const asked = new URL(String((await fetch(`${host.url}/_login/saml`, { redirect: 'manual' })).headers.get('location')))
  asked.searchParams.delete('SAMLRequest')
  const page = await (await fetch(asked)).text()
  const [, response = ''] = /name="SAMLResponse"\s+value="([^"]+)"/.exec(page) ?? []
  expect(response).not.toBe('')
  expect(await post(response)).toMatchObject(REFUSED)
})

test.each([
  'x', Buffer.from('<a/>').toString('base64'), Buffer.from('<a').toString('base64'),
  Buffer.from('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>').toString('base64'),
])('what is no answer is refused: %j', async (response) => {
  const answer = await post(response)
  expect(answer).toMatchObject(REFUSED)
  expect(JSON.stringify(answer)).not.toContain('root:')
})

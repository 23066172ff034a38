import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { PassportStrategyClass, PassportRequest, Verified } from '@mortise/sdk'
import { definePlugin } from '../../support/define-plugin.js'
import { startSecuredHost, type SecuredHost } from '../../support/start-secured-host.js'

const load = createRequire(import.meta.url)

interface Answer { status: number; error: { id: string; message: string } | null; result: { _id?: string; jwt?: string } | null }

/** SAML, by `@node-saml/passport-saml` and a provider of `samlp`: a redirect out, and a form that the browser posts back. */
describe('a login by SAML', () => {
  let host: SecuredHost
  let url: string
  let provider: Server
  let person = 'ann'

  beforeAll(async () => {
    const { generate } = load('selfsigned') as { generate(attributes: object[]): Promise<{ private: string; cert: string }> }
    const keys = await generate([{ name: 'commonName', value: 'provider' }])
    host = await startSecuredHost()
    for (const id of ['ann', 'boss']) await host.security.services.users.create(id, { profileIds: ['default'] });
    ({ url } = await host.listen())
    provider = await startProvider(keys, () => `${url}/_login/saml`, () => person)
    const { Strategy } = load('@node-saml/passport-saml') as { Strategy: new (options: object, verify: unknown, logout: unknown) => object }
    const Saml = class {
      constructor(options: object, verify: unknown) {
        return new Strategy(options, verify, (_request: unknown, _profile: unknown, done: (error: null) => void) => done(null))
      }
    } as unknown as PassportStrategyClass
    const options = {
      entryPoint: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/`, callbackUrl: `${url}/_login/saml`, issuer: 'mortise', audience: 'mortise',
      idpCert: keys.cert, wantAssertionsSigned: false, wantAuthnResponseSigned: true, validateInResponseTo: 'always',
    }
    const methods = {
      verify: async (_request: PassportRequest, profile: { nameID: string }): Promise<Verified> => ({ kuid: profile.nameID }),
      exists: () => false, create: () => ({}), update: () => ({}), delete: () => undefined, validate: () => true,
    }
    host.registry.register(definePlugin({ name: 'saml', strategies: [{ name: 'saml', strategy: Saml, options, methods }] }))
  })
  afterAll(async () => {
    provider.close()
    await host.close()
  })

  /** To the provider, which signs, and its answer as the browser would post it. */
  async function sign(): Promise<string> {
    const away = await fetch(`${url}/_login/saml`, { redirect: 'manual' })
    expect(away.status).toBe(302)
    const page = await (await fetch(String(away.headers.get('location')))).text()
    return /name="SAMLResponse"\s+value="([^"]+)"/.exec(page)?.[1] as string
  }
  async function post(response: string): Promise<Answer> {
    return await (await fetch(`${url}/_login/saml`, { method: 'POST', body: new URLSearchParams({ SAMLResponse: response }) })).json() as Answer
  }
  const change = (response: string, from: string | RegExp, to: string): string => Buffer.from(Buffer.from(response, 'base64').toString().replace(from, to)).toString('base64')
  const refused = { status: 401, result: null, error: { id: 'plugin.strategy.missing_user' } }

  test('ends in a token', async () => {
    expect(await post(await sign())).toMatchObject({ status: 200, result: { _id: 'ann', jwt: expect.stringMatching(/^kauth-/) } })
  })

  test('that was tampered with is refused', async () => {
    const response = await sign()
    expect(await post(change(response, />ann</, '>boss<'))).toMatchObject(refused)
    expect(await post(change(response, /<ds:Signature[\s\S]*<\/ds:Signature>|<Signature[\s\S]*?<\/Signature>/, ''))).toMatchObject(refused)
  })

  test('with a comment in the name is refused, for some readers end there', async () => {
    expect(await post(change(await sign(), />ann</, '>boss<!-- -->ann<'))).toMatchObject(refused)
  })

  test('that was used is refused a second time', async () => {
    const response = await sign()
    expect((await post(response)).status).toBe(200)
    expect(await post(response)).toMatchObject(refused)
  })

  test('of somebody unknown here is told, and gives nothing', async () => {
    person = 'nobody'
    const answer = await post(await sign())
    person = 'ann'
    expect(answer).toMatchObject({ status: 500, result: null, error: { id: 'plugin.strategy.unknown_kuid' } })
  })

  test.each(['x', Buffer.from('<a/>').toString('base64'), Buffer.from('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>').toString('base64')])('that is no answer is refused: %j', async (response) => {
    const { status, result, error } = await post(response)
    expect({ status, result, error }).toMatchObject(refused)
    expect(JSON.stringify(error)).not.toContain('root:')
  })
})

/** A provider that lets everybody in as whoever it is told. */
async function startProvider(keys: { private: string; cert: string }, callback: () => string, nameOf: () => string): Promise<Server> {
  const samlp = load('samlp') as { auth(options: object): (request: object, response: object, next: (error: Error) => void) => void }
  const answer = samlp.auth({
    issuer: 'provider', audience: 'mortise', cert: keys.cert, key: keys.private, signResponse: true, signatureAlgorithm: 'rsa-sha256', digestAlgorithm: 'sha256',
    getPostURL: (_audience: unknown, _dom: unknown, _request: unknown, done: (error: null, url: string) => void) => done(null, callback()),
    getUserFromRequest: () => ({ id: nameOf(), displayName: nameOf(), emails: [], name: {} }),
  })
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const query = Object.fromEntries(new URL(request.url ?? '/', 'http://provider').searchParams)
    const express = { set: (name: string, value: string) => response.setHeader(name, value), send: (page: string) => response.end(String(page)) }
    answer(Object.assign(request, { query }), Object.assign(response, express), (error) => response.end(String(error)))
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return server
}

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { definePlugin } from '../../support/define-plugin.js'
import { exchangeBytes } from '../../support/start-doors.js'
import { startSecuredHost, type SecuredHost } from '../../support/start-secured-host.js'

/** Nothing that a client or a strategy says begins a header of its own, or a body. */
describe('headers', () => {
  let host: SecuredHost
  let port: number
  afterAll(() => host.close())

  const SPLIT = 'x\r\nSet-Cookie: authToken=evil\r\n\r\n<html>'

  class Talkative {
    constructor(readonly options: object, readonly verify: unknown) {}

    authenticate(this: Talkative & { fail(challenge: string): void; redirect(url: string): void }, { query }: { query: Record<string, string> }): void {
      if (query.away) this.redirect(query.away)
      else this.fail(`Basic realm="${query.realm}"`)
    }
  }

  beforeAll(async () => {
    host = await startSecuredHost();
    ({ port } = await host.listen())
    const methods = { verify: async () => false as const, exists: () => false, create: () => ({}), update: () => ({}), delete: () => undefined, validate: () => true }
    host.registry.register(definePlugin({ name: 'talkative', strategies: [{ name: 'talkative', strategy: Talkative, methods }] }))
  })

  const login = (query: string): Promise<string> => exchangeBytes(port, `GET /_login/talkative?${query} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)

  test('a challenge stays on its line', async () => {
    const answer = await login(`realm=${encodeURIComponent(SPLIT)}`)
    const [head = ''] = answer.split('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1.1 401/)
    expect(head).toMatch(/www-authenticate: Basic realm="xSet-Cookie: authToken=evil<html>"/i)
    expect(head).not.toMatch(/^set-cookie: authToken/im)
  })

  test('a redirect stays on its line', async () => {
    const answer = await login(`away=${encodeURIComponent(`https://provider.example/${SPLIT}`)}`)
    const [head = ''] = answer.split('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1.1 302/)
    expect(head).not.toMatch(/^set-cookie: authToken/im)
  })

  test('a request id stays on its line', async () => {
    const answer = await exchangeBytes(port, `GET /_now?requestId=${encodeURIComponent(SPLIT)} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)
    expect(answer.split('\r\n\r\n')[0]).not.toMatch(/^set-cookie: authToken=evil/im)
  })
})

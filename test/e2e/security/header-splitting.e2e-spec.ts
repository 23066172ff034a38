import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Request } from '@mortise/sdk'
import { definePlugin } from '../../support/define-plugin.js'
import { defineAction, defineController, exchangeBytes } from '../../support/start-doors.js'
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
    host.registry.register(defineController('mirror', defineAction('look', (request: Request) => {
      const { name, value } = request.input.args as Record<string, string>
      request.response.setHeader(name ?? 'x-mirror', value ?? '')
      return 'looked'
    }, 'GET /_/mirror')))
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
  test.each(['x\r\nSet-Cookie: authToken=evil', 'x\nSet-Cookie: authToken=evil', 'x\rSet-Cookie: authToken=evil', 'x\u560d\u560aSet-Cookie: authToken=evil', 'x\0', 'x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n'])(
    'what a plugin puts into a header from a request stays on its line: %j', async (value) => {
      const answer = await exchangeBytes(port, `GET /_/mirror?value=${encodeURIComponent(value)} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)
      expect(answer.match(/HTTP\/1\.1 \d{3}/g)).toHaveLength(1)
      expect(answer.split('\r\n\r\n')[0]).not.toMatch(/^set-cookie: authToken/im)
    })

  test.each(['x\r\nSet-Cookie', 'x: y\r\nz', 'x y', '', ':', 'Set-Cookie\r\n', 'é', '__proto__'])('nor does the name of one end its line: %j', async (name) => {
    const answer = await exchangeBytes(port, `GET /_/mirror?name=${encodeURIComponent(name)}&value=authToken%3Devil HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)
    expect(answer.match(/HTTP\/1\.1 \d{3}/g)).toHaveLength(1)
    expect(answer.split('\r\n\r\n')[0]).not.toMatch(/^(set-cookie|z): authToken/im)
  })

  test.each([
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 40\r\n'],
    ['a length and chunks', 'Content-Length: 40\r\nTransfer-Encoding: chunked\r\n'],
    ['a length of two numbers', 'Content-Length: 5, 40\r\n'],
    ['a length with a sign', 'Content-Length: +5\r\n'],
    ['a blank before the colon', 'Content-Length : 40\r\n'],
    ['an encoding that is none', 'Transfer-Encoding: xchunked\r\n'],
    ['an encoding by another name', 'Transfer-Encoding: chunked, identity\r\n'],
    ['a folded line', 'X-Long: a\r\n b\r\nContent-Length: 5\r\n'],
    ['a line that ends early', 'X-Long: a\rContent-Length: 40\r\n'],
  ])('a request with %s hides no other in its body', async (_what, headers) => {
    const hidden = 'GET /_/mirror?value=hidden HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
    const answer = await exchangeBytes(port, `POST /_query HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n${headers}\r\n0\r\n\r\n${hidden}`)
    expect(answer).not.toContain('hidden')
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d/)
  })
})

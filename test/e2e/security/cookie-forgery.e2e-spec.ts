import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openSocket } from '../../support/start-doors.js'
import { startSecuredHost, type SecuredHost } from '../../support/start-secured-host.js'

/** A page of another site cannot act with the cookie of somebody who is logged in here. */
describe('requests forged with a cookie', () => {
  let host: SecuredHost
  let url: string
  let port: number
  let cookie: string

  beforeAll(async () => {
    host = await startSecuredHost({ security: { isOriginTrusted: (origin) => origin === 'https://app.example' } })
    await host.found();
    ({ url, port } = await host.listen())
    const { headers } = await logIn({ origin: url })
    cookie = String(headers.get('set-cookie')).split(';')[0] as string
  })
  afterAll(() => host.close())

  const logIn = (headers: Record<string, string>): Promise<Response> => fetch(`${url}/_login/local?cookieAuth`, {
    method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ username: 'boss', password: 'secret-1' }),
  })
  async function ask(headers: Record<string, string>, path = '/users/boss', init: RequestInit = {}): Promise<{ status: number; id: string | undefined }> {
    const response = await fetch(url + path, { ...init, headers: { cookie, ...headers } })
    return { status: response.status, id: (await response.json() as { error: { id?: string } | null }).error?.id }
  }

  test('the cookie is out of reach of scripts, other sites, and the answer\'s body', async () => {
    const response = await logIn({ origin: url })
    expect(response.headers.get('set-cookie')).toMatch(/^authToken=kauth-[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/)
    expect(await response.json()).toMatchObject({ status: 200, result: { _id: 'boss' } })
    expect(JSON.stringify(await (await logIn({ origin: url })).json())).not.toContain('kauth-')
  })

  test('the cookie of a page that came encrypted goes encrypted only', async () => {
    expect((await logIn({ origin: 'https://app.example' })).headers.get('set-cookie')).toMatch(/; Secure$/)
  })

  test('the host\'s own pages, clients that are no browsers, and trusted origins may use it', async () => {
    expect(await ask({ origin: url })).toMatchObject({ status: 200 })
    expect(await ask({})).toMatchObject({ status: 200 })
    expect(await ask({ origin: 'https://app.example' })).toMatchObject({ status: 200 })
  })

  test.each([
    'https://evil.example', 'http://127.0.0.1', 'http://127.0.0.1:1', 'null', 'https://app.example.evil.example', 'http://app.example',
    'https://app.example:444', 'https://APP.example', '', 'file://', 'https://evil.example https://app.example',
  ])('a page of %j may not', async (origin) => {
    expect(await ask({ origin })).toEqual({ status: 401, id: 'security.cookie.invalid' })
  })

  test('a page whose origin the browser keeps back may not, when it says that the page is of another site', async () => {
    expect(await ask({ 'sec-fetch-site': 'cross-site' })).toEqual({ status: 401, id: 'security.cookie.invalid' })
    expect(await ask({ 'sec-fetch-site': 'same-origin' })).toMatchObject({ status: 200 })
  })

  test('a form of another site writes nothing', async () => {
    const form = { method: 'POST', body: new URLSearchParams({ content: 'x' }) }
    const answer = await ask({ origin: 'https://evil.example' }, '/users/victim/_create', form)
    expect(answer).toEqual({ status: 401, id: 'security.cookie.invalid' })
    expect(await host.security.services.users.exists('victim')).toBe(false)
  })

  test('a page of another site cannot log a browser in, for then it would act as somebody else unawares', async () => {
    const response = await logIn({ origin: 'https://evil.example' })
    expect(response.status).toBe(401)
    expect(response.headers.get('set-cookie')).toBeNull()
  })

  test('a socket that a page of another site opens is not its visitor\'s', async () => {
    const foreign = await openSocket(port, '/', { headers: { cookie }, origin: 'https://evil.example' })
    expect(await foreign.ask({ controller: 'security', action: 'getUser', _id: 'boss', requestId: '1' })).toMatchObject({ status: 401, error: { id: 'security.cookie.invalid' } })
    foreign.socket.close()
    const own = await openSocket(port, '/', { headers: { cookie }, origin: url })
    expect(await own.ask({ controller: 'security', action: 'getUser', _id: 'boss', requestId: '1' })).toMatchObject({ status: 200 })
    own.socket.close()
  })

  test('a token and a cookie together are refused, so that neither stands in for the other', async () => {
    const token = await host.logIn('boss', 'secret-1')
    expect(await ask({ authorization: `Bearer ${token}` })).toEqual({ status: 500, id: 'security.token.verification_error' })
  })

  test('a second cookie of the same name is refused, whichever comes first', async () => {
    expect(await ask({ cookie: `${cookie}; authToken=evil` })).toEqual({ status: 401, id: 'security.cookie.invalid' })
    expect(await ask({ cookie: `authToken=evil; ${cookie}` })).toEqual({ status: 401, id: 'security.cookie.invalid' })
  })

  test.each(['authToken=%', 'authToken=%E0%A4%A', 'authToken=%ff'])('a cookie that cannot be read is refused: %s', async (broken) => {
    expect(await ask({ cookie: broken })).toEqual({ status: 401, id: 'security.cookie.invalid' })
  })

  test.each(['authTokenX=a', 'xauthToken=a', 'AUTHTOKEN=a', 'other=authToken=a', 'authToken', 'authToken=', 'authToken=null', '=authToken', ';;;'])('a cookie that is not the one is none: %s', async (other) => {
    expect(await ask({ cookie: other })).toMatchObject({ status: 401, id: 'security.rights.unauthorized' })
  })

  test('checking a cookie from another site tells nothing', async () => {
    const check = { method: 'POST', body: '{}' }
    expect(await ask({ origin: url, 'content-type': 'application/json' }, '/_checkToken?cookieAuth', check)).toMatchObject({ status: 200 })
    const response = await fetch(`${url}/_checkToken?cookieAuth`, { ...check, headers: { cookie, origin: 'https://evil.example', 'content-type': 'application/json' } })
    expect(await response.json()).toMatchObject({ result: { valid: false } })
  })

  test('a logout takes the cookie back', async () => {
    const fresh = String((await logIn({ origin: url })).headers.get('set-cookie')).split(';')[0] as string
    const response = await fetch(`${url}/_logout?cookieAuth`, { method: 'POST', headers: { cookie: fresh, origin: url } })
    expect(response.headers.get('set-cookie')).toBe('authToken=null; Path=/; HttpOnly; SameSite=Strict')
    expect(await ask({ cookie: fresh })).toMatchObject({ status: 401 })
  })
})

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startIsolated, type IsolatedHost } from '../../support/start-isolated.js'

describe.each(['inline', 'thread', 'process'] as const)('with auth-local %s', (isolation) => {
  let host: IsolatedHost
  beforeAll(async () => {
    host = await startIsolated({ isolation, enabled: ['auth-local'] })
    await host.ask('POST', '/users/boss/_create', { body: { content: { profileIds: ['admin'] }, credentials: { local: { username: 'boss', password: 'secret-1' } } } })
  }, 60_000)
  afterAll(async () => {
    expect((await host.stop()).code).toBe(0)
  })

  const logIn = (password: string) => host.ask('POST', '/_login/local', { body: { username: 'boss', password } })

  test('the right password opens, the wrong one does not', async () => {
    const { status, body } = await logIn('secret-1')
    expect({ status, _id: body.result._id }).toEqual({ status: 200, _id: 'boss' })
    expect((await logIn('secret-2')).status).toBe(401)
  })

  test('who is logged in sees and changes their credentials', async () => {
    const { body: { result: { jwt } } } = await logIn('secret-1')
    const headers = { authorization: `Bearer ${jwt}` }
    const own = await host.ask('GET', '/credentials/local/_me', { headers })
    expect(own.body.result).toMatchObject({ username: 'boss' })
    expect(own.text).not.toContain('secret')
    expect((await host.ask('PUT', '/credentials/local/_me/_update', { headers, body: { password: 'secret-3', username: 'boss' } })).status).toBe(200)
    expect((await logIn('secret-1')).status).toBe(401)
    expect((await logIn('secret-3')).status).toBe(200)
  })

  test('credentials that the plugin refuses are refused', async () => {
    const { status, body } = await host.ask('POST', '/users/other/_create', { body: { content: { profileIds: ['default'] }, credentials: { local: { username: 'other' } } } })
    expect({ status, error: body.error }).toMatchObject({ status: 400, error: { id: expect.any(String), message: expect.stringMatching(/password/i) } })
  })
})

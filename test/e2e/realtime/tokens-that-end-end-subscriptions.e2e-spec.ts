import { afterAll, beforeAll, expect, test } from '@jest/globals'
import AuthLocal from '../../../plugins/available/auth-local/src/index.js'
import { openSocket } from '../../support/start-doors.js'
import { startHost, type StartedHost } from '../../support/start-host.js'

let host: StartedHost

beforeAll(async () => {
  host = await startHost({ plugins: [AuthLocal], config: { limits: { loginsPerSecond: 0 } } })
  await host.ask('POST', '/_createFirstAdmin', { body: { content: {}, credentials: { local: { username: 'boss', password: 'secret-1' } } } })
})
afterAll(() => host.close())

const logIn = async (expiresIn: string): Promise<string> => {
  const { body } = await host.ask('POST', `/_login/local?expiresIn=${expiresIn}`, { body: { username: 'boss', password: 'secret-1' } })
  return body.result.jwt as string
}
const subscribe = (jwt: string) => ({ controller: 'realtime', action: 'subscribe', index: 'shop', collection: 'orders', body: {}, jwt })
const expired = { type: 'TokenExpired', status: 200, room: 'kuzzle:notification:server', info: expect.any(String), message: expect.any(String), node: expect.any(String) }

test('a client whose token expires is told so, once, and hears no more', async () => {
  const socket = await openSocket(host.port)
  expect((await socket.ask(subscribe(await logIn('1s')))).error).toBeNull()
  expect(await socket.receive()).toEqual(expired)
  expect(host.host.rooms.realtime.totals.subscriptions).toBe(0)
  expect((await socket.ask({ controller: 'server', action: 'now', jwt: await logIn('1h') })).error).toBeNull()
  socket.socket.close()
})

test('so is one whose token is revoked', async () => {
  const [socket, jwt] = [await openSocket(host.port), await logIn('1h')]
  await socket.ask(subscribe(jwt))
  await host.ask('POST', '/_logout', { headers: { authorization: `Bearer ${jwt}` } })
  expect(await socket.receive()).toEqual(expired)
  socket.socket.close()
})

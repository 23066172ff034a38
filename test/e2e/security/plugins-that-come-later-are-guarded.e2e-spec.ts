import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createHotProject, type HotProject } from '../../support/hot-project.js'
import { runHost, type HostProcess } from '../../support/run-host.js'
import { asker, enable, type WireAnswer } from '../../support/start-host.js'

let project: HotProject
let host: HostProcess
let ask: ReturnType<typeof asker>
/** Tokens by who has them. */
const tokens: Record<string, string> = {}

const as = (who: string, method: string, path: string, body?: unknown): Promise<WireAnswer> =>
  ask(method, path, { body, ...(tokens[who] && { headers: { authorization: `Bearer ${tokens[who]}` } }) })
const say = (who: string): Promise<WireAnswer> => as(who, 'POST', '/_query', { controller: 'stamp/word', action: 'say' })
const word = async (who: string): Promise<number> => (await say(who)).status

beforeAll(async () => {
  project = createHotProject()
  project.write('stamp', { word: 'one' })
  enable(project.root, 'auth-local')
  host = runHost(project.root)
  ask = asker(await host.listening())
  const local = (username: string) => ({ local: { username, password: 'secret-1' } })
  await ask('POST', '/_createFirstAdmin/boss?reset=true', { body: { content: {}, credentials: local('boss') } })
  const logIn = async (username: string): Promise<void> => {
    tokens[username] = (await ask('POST', '/_login/local', { body: { username, password: 'secret-1' } })).body.result.jwt as string
  }
  await logIn('boss')
  await as('boss', 'POST', '/users/ann/_create', { content: { profileIds: ['default'] }, credentials: local('ann') })
  await logIn('ann')
}, 120_000)
afterAll(async () => {
  await host.stop('SIGKILL')
  project.remove()
})

test('only an administrator brings a plugin in', async () => {
  expect((await as('nobody', 'POST', '/_plugins/stamp/_enable')).status).toBe(401)
  expect((await as('ann', 'POST', '/_plugins/stamp/_enable')).status).toBe(403)
  expect(await word('boss')).toBe(404)
  expect((await as('boss', 'POST', '/_plugins/stamp/_enable')).status).toBe(200)
})

test('its actions are the administrator\'s at once, and nobody else\'s', async () => {
  expect(await Promise.all(['boss', 'ann', 'nobody'].map(word))).toEqual([200, 403, 401])
})

test('a role may name them from then on, and what it grants ends with the plugin', async () => {
  expect((await as('boss', 'POST', '/roles/reader/_create', { controllers: { 'stamp/word': { actions: { say: true } } } })).status).toBe(200)
  expect((await as('boss', 'POST', '/profiles/reader/_create', { policies: [{ roleId: 'reader' }] })).status).toBe(200)
  expect((await as('boss', 'PUT', '/users/ann/_update', { profileIds: ['reader'] })).status).toBe(200)
  expect([await word('ann'), await word('nobody')]).toEqual([200, 401])
  expect((await as('ann', 'POST', '/_plugins/stamp/_disable')).status).toBe(403)
  expect((await as('boss', 'POST', '/_plugins/stamp/_disable')).status).toBe(200)
  expect(await word('boss')).toBe(404)
  expect((await as('boss', 'POST', '/_plugins/stamp/_enable')).status).toBe(200)
  expect(await Promise.all(['boss', 'ann', 'nobody'].map(word))).toEqual([200, 200, 401])
})

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { cookieOf, locationOf, startProviderHost, userOf, type ProviderHost } from '../../support/start-provider-host.js'

/** Flows that run at the same time cannot be mixed up, replayed, forged, or ended in another browser. */
describe('flows by a provider', () => {
  let host: ProviderHost
  let provider: ProviderHost['provider']
  let login: ProviderHost['login']

  beforeEach(async () => {
    host = await startProviderHost();
    ({ provider, login } = host)
  })
  afterEach(() => host.close())

  test('a way back that was gone once cannot be gone again', async () => {
    const way = provider.consent(locationOf(await login()), 'ann')
    expect(userOf(await login(way))).toBe('ann')
    const replay = await login(way)
    expect(replay.error).toMatchObject({ status: 401, id: 'plugin.strategy.missing_user', message: 'Unable to verify authorization request state' })
  })

  test('a forged state is refused', async () => {
    const { code, state } = provider.consent(locationOf(await login()), 'ann')
    for (const forged of ['forged', '', `${state}x`, '__proto__', undefined, { state }, [state]]) {
      expect((await login({ code, state: forged })).error).toMatchObject({ status: 401 })
    }
  })

  test('a code of one flow is worth nothing in another', async () => {
    const [mine, theirs] = [await login(), await login()]
    const stolen = provider.consent(locationOf(theirs), 'bob')
    const own = provider.consent(locationOf(mine), 'ann')
    const mixed = await login({ code: stolen.code, state: own.state })
    expect(mixed.error).toMatchObject({ status: 401, message: 'invalid_grant' })
  })

  test('a hundred flows at the same time end with who began them', async () => {
    const flows = await Promise.all(Array.from({ length: 100 }, async (_, index) => {
      const person = index % 2 === 0 ? 'ann' : 'bob'
      return { person, way: provider.consent(locationOf(await login()), person) }
    }))
    const ends = await Promise.all(flows.reverse().map(async ({ person, way }) => userOf(await login(way)) === person))
    expect(ends).not.toContain(false)
  })

  test('a flow of one strategy cannot be ended by another', async () => {
    const way = provider.consent(locationOf(await login()), 'ann')
    expect((await login({ ...way, strategy: 'stateless' })).error).toMatchObject({ status: 401 })
  })

  test('a strategy that sends no state finds its flow by the browser', async () => {
    const away = await login({ strategy: 'stateless' })
    const { code } = provider.consent(locationOf(away), 'ann')
    expect((await login({ strategy: 'stateless', code })).error).toMatchObject({ status: 401 })
    expect(userOf(await login({ strategy: 'stateless', code: provider.consent(locationOf(away), 'ann').code }, { cookie: cookieOf(away) }))).toBe('ann')
  })

  test('end in the browser they began in: nobody is logged in as somebody else by a link', async () => {
    const away = await login({ returnTo: 'https://app.example/welcome' })
    const way = provider.consent(locationOf(away), 'ann')
    const elsewhere = await login(way, { cookie: 'loginFlow=00000000-0000-4000-8000-000000000000' })
    expect(elsewhere.error).toMatchObject({ id: 'security.cookie.invalid', status: 401 })
    expect(elsewhere.response.headers.location).toBeUndefined()
  })

  test('in two tabs of one browser end both', async () => {
    const one = await login({ returnTo: 'https://app.example/welcome' })
    const two = await login({ returnTo: 'https://app.example/deep/' }, { cookie: cookieOf(one) })
    expect(cookieOf(two)).toBe(cookieOf(one))
    const ends = [await login(provider.consent(locationOf(one), 'ann'), { cookie: cookieOf(one) }), await login(provider.consent(locationOf(two), 'bob'), { cookie: cookieOf(two) })]
    expect(ends.map(locationOf).map((location) => location.split('#')[0])).toEqual(['https://app.example/welcome', 'https://app.example/deep/'])
  })
})

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { postgresUrl } from '../../../libs/storage/src/engines/postgres/postgres-server.contract.js'
import { STATEMENTS } from '../../support/hostile-texts.js'
import { doors, startAttackedHost, type Answer, type AttackedHost, type Door } from '../../support/start-attacked-host.js'
import { engines } from '../../support/store-engines.js'

/** A message without what the client had written, be it as it stands or as JSON. */
const withoutStatements = (message: string): string =>
  STATEMENTS.filter((text) => text.length > 3).reduce((left, text) => [text, JSON.stringify(text).slice(1, -1)].reduce((rest, form) => rest.replaceAll(form, ''), left), message)

/** What a client writes is data: never a statement, on no engine and over no door. */
describe.each(engines)('on %s', (engine) => {
  const database = `test_${randomUUID().replaceAll('-', '')}`
  let host: AttackedHost

  const administer = async (statement: string): Promise<void> => {
    const client = new pg.Client(postgresUrl)
    await client.connect()
    await client.query(statement)
    await client.end()
  }
  beforeAll(async () => {
    if (engine === 'postgres') await administer(`create database "${database}"`)
    host = await startAttackedHost(engine === 'postgres' ? { config: { storage: { url: new URL(database, postgresUrl).href } } } : {})
  })
  afterAll(async () => {
    // Whatever was tried: everything that was there is there.
    expect(await host.isAsItWas()).toBe(true)
    expect((await host.asBoss('getUser', { _id: 'boss' }))._source.profileIds).toEqual(['admin'])
    await host.close()
    if (engine === 'postgres') await administer(`drop database "${database}" with (force)`)
  })

  /** Neither a fault of the host nor a word of the database's; that the host repeats what it was sent is no such word. */
  const isData = ({ status, error }: Answer): boolean =>
    status < 500 && !/syntax error|SQLITE|SELECT .* FROM|relation "|unterminated|pg_/i.test(withoutStatements(error?.message ?? ''))
  const asBoss = (door: Door, controller: string, action: string, data: object): Promise<Answer> => host.send(door, { controller, action, ...data }, host.boss)

  describe.each(doors)('over %s', (door) => {
    const inShop = { index: 'shop', collection: 'orders' }

    test.each(STATEMENTS)('users, profiles and roles may be called %j, and are just called so', async (name) => {
      const made = [
        await asBoss(door, 'security', 'createRole', { _id: name, body: { controllers: { document: { actions: { get: true } } } } }),
        await asBoss(door, 'security', 'createProfile', { _id: name, body: { policies: [{ roleId: name, restrictedTo: [{ index: name, collections: [name] }] }] } }),
        await asBoss(door, 'security', 'createUser', { _id: name, body: { content: { profileIds: [name], name }, credentials: {} } }),
      ]
      expect(made.map(({ status, result }) => [status, result?._id])).toEqual(made.map(() => [200, name]))
      expect((await asBoss(door, 'security', 'getUserRights', { _id: name })).result).toMatchObject({ hits: [{ index: name, collection: name }] })
      expect((await asBoss(door, 'security', 'searchUsers', { body: { query: { term: { profileIds: name } } } })).result).toMatchObject({ total: 1, hits: [{ _id: name }] })
      for (const action of ['deleteUser', 'deleteProfile', 'deleteRole']) expect((await asBoss(door, 'security', action, { _id: name })).result).toEqual({ _id: name })
    })

    test.each(STATEMENTS)('a document may have %j as id, field and value, and is found by just that', async (name) => {
      const body = { [name]: name, plain: name }
      const made = await asBoss(door, 'document', 'createOrReplace', { ...inShop, _id: name, body })
      expect(isData(made)).toBe(true)
      if (made.status !== 200) return
      expect((await asBoss(door, 'document', 'get', { ...inShop, _id: name })).result).toMatchObject({ _id: name, _source: body })
      for (const query of [{ term: { plain: name } }, { ids: { values: [name] } }, { terms: { plain: [name] } }]) {
        const { result } = await asBoss(door, 'document', 'search', { ...inShop, body: { query } })
        expect([query, result?.hits.map(({ _id }: { _id: string }) => _id)]).toEqual([query, [name]])
      }
      expect((await asBoss(door, 'document', 'deleteByQuery', { ...inShop, body: { query: { ids: { values: [name] } } } })).result).toMatchObject({ ids: [name] })
    })

    test.each(STATEMENTS)('filters, sorts and pages find nothing more by %j', async (name) => {
      const queries = [
        { term: { name } }, { term: { [name]: 'x' } }, { match: { name } }, { match_phrase: { name } }, { prefix: { name: `x${name}` } }, { ids: { values: [name] } }, { range: { [name]: { gt: 0 } } },
        { range: { name: { [name]: 1 } } }, { exists: { field: name } }, { bool: { must: [{ term: { [name]: name } }] } }, { [name]: { name: 'shop' } }, { regexp: { name } }, { wildcard: { name: `x${name}` } },
      ]
      for (const query of queries) {
        const answer = await host.send(door, { controller: 'document', action: 'search', ...inShop, body: { query } }, host.ann)
        expect([query, answer.error, isData(answer)]).toEqual([query, answer.error, true])
        if (answer.status === 200) expect([query, answer.result.total]).toEqual([query, 0])
      }
      for (const body of [{ sort: { [name]: 'asc' } }, { sort: [{ name: name }] }, { sort: [name] }, { aggregations: { [name]: { terms: { field: name } } } }, { _source: [name] }]) {
        const answer = await host.send(door, { controller: 'document', action: 'search', ...inShop, body }, host.ann)
        expect([body, answer.error, isData(answer)]).toEqual([body, answer.error, true])
      }
      for (const page of [{ from: name }, { size: name }, { scroll: name }, { scrollId: name }, { lang: name }]) {
        expect(isData(await host.send(door, { controller: 'document', action: 'search', ...inShop, ...page, body: {} }, host.ann))).toBe(true)
      }
    })

    test.each(STATEMENTS)('indexes and collections called %j are refused, or just called so', async (name) => {
      for (const [controller, action, place] of [
        ['index', 'create', { index: name }], ['collection', 'create', { index: 'shop', collection: name }], ['collection', 'list', { index: name }],
        ['document', 'search', { index: name, collection: name, body: {} }], ['collection', 'truncate', { index: 'shop', collection: name }],
        ['collection', 'update', { index: 'shop', collection: name, body: { mappings: { properties: { [name]: { type: 'keyword' } } } } }], ['index', 'delete', { index: name }],
      ] as const) expect(isData(await asBoss(door, controller, action, place))).toBe(true)
      expect((await asBoss(door, 'collection', 'exists', inShop)).result).toBe(true)
    })

    test('credentials and searches for them are data as well', async () => {
      for (const [number, username] of STATEMENTS.slice(0, 5).entries()) {
        const kuid = `user-${door}-${number}`
        expect((await asBoss(door, 'security', 'createUser', { _id: kuid, body: { content: { profileIds: ['default'] }, credentials: { local: { username: `${door}${username}`, password: username } } } })).status).toBe(200)
        const logIn = (password: unknown): Promise<Answer> => host.send(door, { controller: 'auth', action: 'login', strategy: 'local', body: { username: `${door}${username}`, password } })
        expect((await logIn(username)).result?._id).toBe(kuid)
        expect((await logIn(`${username}x`)).status).toBe(401)
        const found = await asBoss(door, 'security', 'searchUsersByCredentials', { strategy: 'local', body: { query: { term: { username: `${door}${username}` } } } })
        expect(found.result).toMatchObject({ total: 1 })
        await asBoss(door, 'security', 'deleteUser', { _id: kuid })
      }
    })

    test('operators in the place of texts are no texts', async () => {
      for (const password of [{ $ne: null }, { $gt: '' }, { $regex: '.*' }, ['secret-1'], true, 1, null]) {
        expect((await host.send(door, { controller: 'auth', action: 'login', strategy: 'local', body: { username: 'boss', password } })).status).toBe(401)
      }
    })
  })
})

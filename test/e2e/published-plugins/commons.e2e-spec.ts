import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Request } from '@mortise/sdk'
import '../../../src/index.js'
import { startHost, type StartedHost } from '../../support/start-host.js'

/* eslint-disable @typescript-eslint/no-explicit-any -- the package's own types name modules that it does not bring */
const require = createRequire(import.meta.url)
const { Plugin } = require('kuzzle') as { Plugin: any }
const { AbstractEngine, ask, ConfigManager, CRUDController, EngineController, onAsk } = require('kuzzle-plugin-commons') as Record<string, any> & { AbstractEngine: new (...given: unknown[]) => any }

/** Each branch of the library gets an index with a shelf of books. */
class BranchEngine extends AbstractEngine {
  async onCreate(index: string): Promise<{ collections: string[] }> {
    await this.sdk.collection.create(index, 'books', {})
    return { collections: ['books'] }
  }

  async onDelete(index: string): Promise<{ collections: string[] }> {
    await this.sdk.collection.delete(index, 'books')
    return { collections: ['books'] }
  }
}

class LibraryPlugin extends Plugin {
  declare config: object
  declare context: any
  declare api: Record<string, object>
  declare pipes: Record<string, unknown[]>

  constructor() {
    super({ kuzzleVersion: '>=2.12.0 <3' })
    this.api = {}
    this.pipes = { 'generic:document:beforeWrite': [] }
  }

  async init(config: object, context: any): Promise<void> {
    this.config = config
    this.context = context
    const [admin, branch] = [new ConfigManager(this), new ConfigManager(this, { collection: 'settings' })]
    admin.register('engine-library', { properties: { index: { type: 'keyword' } } })
    admin.register('engine', { properties: { index: { type: 'keyword' }, group: { type: 'keyword' }, name: { type: 'keyword' } } })
    admin.register('opening', { properties: { name: { type: 'keyword' } } })
    new EngineController('library', this, new BranchEngine('library', this, 'library', admin, branch))
    await context.accessors.sdk.index.create('library')
    await admin.createCollection('library')
    this.#offerBooks()
    onAsk('library:greet', (name: string) => `Welcome, ${name}`)
  }

  #offerBooks(): void {
    const books = new CRUDController(this, 'books')
    const action = (name: string, verb: string, path: string): object => ({ handler: books[name].bind(books), http: [{ verb, path }] })
    this.api['library/books'] = {
      actions: {
        create: action('create', 'post', 'library/:index/books'),
        search: action('search', 'post', 'library/:index/books/_search'),
        delete: action('delete', 'delete', 'library/:index/books/:_id'),
        greet: { handler: async (request: Request) => ask('library:greet', request.getString('name')), http: [{ verb: 'get', path: 'library/greet' }] },
      },
    }
  }
}
/* eslint-enable */

describe('kuzzle-plugin-commons, under a plugin that is built on it', () => {
  let host: StartedHost
  let ask: StartedHost['ask']

  beforeAll(async () => {
    host = await startHost({ plugins: [new LibraryPlugin()] })
    ask = host.ask
  })
  afterAll(() => host.close())

  test('makes, lists and removes what the plugin calls an engine', async () => {
    expect((await ask('POST', '/_/library/engine/north')).body).toMatchObject({ status: 200, result: { index: 'north', collections: ['books'] } })
    expect((await ask('POST', '/_/library/engine/north')).body.error).toMatchObject({ status: 400, message: 'Library engine on index "north" already exists' })
    expect((await ask('GET', '/_/library/engines')).body.result.engines).toEqual([{ index: 'north', group: 'commons', name: 'library' }])
    expect((await ask('GET', '/_/library/engine/north/_exists')).body.result).toEqual({ exists: true })
    expect((await ask('DELETE', '/_/library/engine/south')).body.error).toMatchObject({ status: 404 })
  })

  test('names documents of its configuration before they are written', async () => {
    const { body } = await ask('POST', '/library/config/_create', { body: { type: 'opening', opening: { name: 'Summer Days' } } })
    expect(body).toMatchObject({ status: 200, result: { _id: 'opening--summer-days' } })
  })

  test('refuses fields that its configuration does not know', async () => {
    expect((await ask('POST', '/library/config/_create', { body: { type: 'note', weather: 'fair' } })).body.error).toMatchObject({ status: 400 })
  })

  test('acts for the user who asks, with that user\'s rights', async () => {
    expect((await ask('POST', '/_/library/north/books?_id=b1', { body: { title: 'Emma' } })).body).toMatchObject({ status: 200, result: { _id: 'b1', _source: { title: 'Emma' } } })
    expect((await ask('POST', '/_/library/north/books/_search', { body: { query: {} } })).body.result).toMatchObject({ total: 1, hits: [{ _id: 'b1' }] })
    expect((await ask('DELETE', '/_/library/north/books/b1')).body).toMatchObject({ status: 200 })
    await ask('PUT', '/roles/anonymous', { body: { controllers: { 'library/books': { actions: { '*': true } }, auth: { actions: { login: true } } } } })
    expect((await ask('POST', '/_/library/north/books', { body: { title: 'Persuasion' } })).body.error).toMatchObject({ id: 'security.rights.unauthorized', status: 401 })
  })

  test('asks one plugin from another', async () => {
    expect((await ask('GET', '/_/library/greet?name=Ada')).body.result).toBe('Welcome, Ada')
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startHost, type StartedHost } from '../support/start-host.js'

const imports = {
  userMappings: { properties: { nickname: { type: 'keyword' } } },
  mappings: { library: { books: { mappings: { properties: { title: { type: 'keyword' } } } } } },
  fixtures: { library: { books: [{ index: { _id: 'emma' } }, { title: 'Emma' }] } },
  roles: { reader: { controllers: { document: { actions: { get: true } }, 'not/there': { actions: { '*': true } } } } },
  profiles: { reader: { policies: [{ roleId: 'reader' }] } },
  users: { ann: { content: { profileIds: ['reader'], nickname: 'A' } } },
}

/** A plugin whose data is complete once it has started. */
class LibraryPlugin {
  imports: object = {}
  readonly api = {}

  constructor(private readonly brought: object = imports) {}

  init(): void {
    this.imports = this.brought
  }
}

describe('what a classic plugin imports', () => {
  let folder: string
  let host: StartedHost

  const start = async (brought?: object): Promise<void> => {
    host = await startHost({ plugins: [new LibraryPlugin(brought)], config: { storage: { path: join(folder, 'store.sqlite') } } })
  }
  const sourceAt = async (path: string): Promise<object> => (await host.ask('GET', path)).body.result._source
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mortise-imports-'))
    await start()
  })
  afterEach(async () => {
    await host.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('is put in place before clients come', async () => {
    expect((await host.ask('GET', '/library/books/_mapping')).body.result).toMatchObject({ properties: { title: { type: 'keyword' } } })
    expect(await sourceAt('/library/books/emma')).toMatchObject({ title: 'Emma' })
    expect(await sourceAt('/roles/reader')).toMatchObject(imports.roles.reader)
    expect(await sourceAt('/profiles/reader')).toMatchObject(imports.profiles.reader)
    expect(await sourceAt('/users/ann')).toMatchObject({ nickname: 'A' })
    expect((await host.ask('GET', '/users/_mapping')).body.result.mapping).toMatchObject({ nickname: { type: 'keyword' } })
  })

  test('is left as people changed it when the host starts again', async () => {
    await host.ask('PUT', '/library/books/emma/_update', { body: { title: 'Persuasion' } })
    await host.ask('PUT', '/roles/reader', { body: { controllers: { document: { actions: { search: true } } } } })
    await host.close()
    await start()
    expect(await sourceAt('/library/books/emma')).toMatchObject({ title: 'Persuasion' })
    expect(await sourceAt('/roles/reader')).toMatchObject({ controllers: { document: { actions: { search: true } } } })
  })

  test('is put in place again when the plugin brings something else', async () => {
    await host.close()
    await start({ ...imports, fixtures: { library: { books: [{ index: { _id: 'emma' } }, { title: 'Emma, revised' }] } } })
    expect(await sourceAt('/library/books/emma')).toMatchObject({ title: 'Emma, revised' })
  })

  test('keeps the host from starting when it cannot be taken, the plugin named', async () => {
    const failed = startHost({ plugins: [new LibraryPlugin({ roles: { reader: { controllers: 'all' } } })] })
    await expect(failed).rejects.toMatchObject({ faults: [{ id: 'api.assert.invalid_type', place: 'given by code → imports' }] })
  })
})

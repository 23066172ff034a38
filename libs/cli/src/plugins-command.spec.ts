import { existsSync, lstatSync, mkdirSync, readlinkSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openDocumentStore, PrivateStore, type DocumentStore } from '@app/storage'
import { createLoader } from '../../../test/support/create-loader.js'
import { engines, PostgresSchema } from '../../../test/support/store-engines.js'
import { HostLine } from './host/host-line.js'
import { pluginsCommand } from './plugins-command.js'
import { Refusal } from './refusal.js'

const FIXTURES = join(import.meta.dirname, '../../../test/fixtures/plugins')

let host: ReturnType<typeof createLoader>
let available: string
let printed: string[]
let schema: PostgresSchema | undefined

beforeEach(() => {
  host = createLoader()
  available = join(host.root, 'plugins/available')
  printed = []
  mkdirSync(available)
  for (const name of ['that-greets', 'that-hooks-an-unknown-event', 'that-takes-a-taken-route']) symlinkSync(join(FIXTURES, name), join(available, name))
})

afterEach(() => host.remove())

/** Types a command, and yields what it prints. */
async function run(...words: string[]): Promise<string> {
  const { loader, enabled } = host
  const command = pluginsCommand({
    available, enabled, openStore, host: () => new HostLine({ socket: join(host.root, 'control.sock') }), tryAside: (folder) => loader.tryOut(folder, basename(folder)), print: (text) => printed.push(text),
  })
  await command.parseAsync(words, { from: 'user' })
  return printed.splice(0).join('\n')
}

async function openStore(): Promise<DocumentStore> {
  const store = schema?.open() ?? openDocumentStore({ path: join(host.root, 'store.sqlite') })
  await store.start()
  return store
}

const link = (name: string): string => join(host.enabled, name)

describe('mortise plugins enable', () => {
  test('links the plugin and says what a restart brings', async () => {
    expect(await run('enable', 'that-greets')).toBe([
      '"that-greets" is enabled. A restart brings:',
      '  pipe    server:beforeNow',
      '  action  that-greets/hello:sayHello',
      '  route   GET /_plugin/that-greets/hello/:name',
      '  route   GET /_/that-greets/hello/:name',
    ].join('\n'))
    expect(readlinkSync(link('that-greets'))).toBe('../available/that-greets')
  })

  test('leaves an enabled plugin as it is', async () => {
    await run('enable', 'that-greets')
    expect(await run('enable', 'that-greets')).toBe('"that-greets" is enabled already.')
  })

  test('refuses what cannot load, with the reason, and links nothing', async () => {
    await expect(run('enable', 'that-hooks-an-unknown-event')).rejects.toThrow(/stays disabled[^]+Did you mean "server:afterNow"\?/)
    expect(existsSync(link('that-hooks-an-unknown-event'))).toBe(false)
  })

  test('refuses what cannot load beside the others', async () => {
    await run('enable', 'that-greets')
    await expect(run('enable', 'that-takes-a-taken-route')).rejects.toThrow('network.http.duplicate_url')
  })

  test('suggests a name for one that is unknown', async () => {
    await expect(run('enable', 'that-greet')).rejects.toThrow('No plugin "that-greet" is in plugins/available. Did you mean "that-greets"?')
    await expect(run('enable', '../available/that-greets')).rejects.toBeInstanceOf(Refusal)
  })

  test('refuses to replace something else of the name', async () => {
    mkdirSync(link('that-greets'))
    await expect(run('enable', 'that-greets')).rejects.toThrow('is there already and is something else')
  })
})

describe('mortise plugins disable', () => {
  test('removes the link alone and says what a restart takes away', async () => {
    await run('enable', 'that-greets')
    expect(await run('disable', 'that-greets')).toMatch(/^"that-greets" is disabled\. A restart takes away:\n {2}pipe {4}server:beforeNow\n/)
    expect(existsSync(link('that-greets'))).toBe(false)
    expect(existsSync(join(available, 'that-greets'))).toBe(true)
  })

  test('removes a link that leads nowhere, and one to a plugin that cannot load', async () => {
    symlinkSync('../available/gone', link('gone'))
    symlinkSync('../available/that-hooks-an-unknown-event', link('that-hooks-an-unknown-event'))
    expect(await run('disable', 'gone')).toBe('"gone" is disabled.')
    expect(await run('disable', 'that-hooks-an-unknown-event')).toBe('"that-hooks-an-unknown-event" is disabled.')
  })

  test('refuses a folder that is no link', async () => {
    mkdirSync(link('mine'))
    await expect(run('disable', 'mine')).rejects.toThrow('is no link but the plugin itself')
    expect(lstatSync(link('mine')).isDirectory()).toBe(true)
  })

  test('suggests a name for one that is not enabled', async () => {
    await expect(run('disable', 'that-greets')).rejects.toThrow('No plugin "that-greets" is in plugins/enabled. There is none at all.')
    await run('enable', 'that-greets')
    await expect(run('disable', 'that-greet')).rejects.toThrow('Did you mean "that-greets"?')
  })
})

describe('mortise plugins list', () => {
  test('shows what is enabled, what is available and what leads nowhere', async () => {
    await run('enable', 'that-greets')
    symlinkSync('../available/gone', link('gone'))
    expect(await run('list')).toBe([
      'gone                         dangling   -      unreadable',
      'that-greets                  enabled    1.0.0  decorated   Greets whoever it is asked to',
      'that-hooks-an-unknown-event  available  1.0.0  decorated',
      'that-takes-a-taken-route     available  1.0.0  decorated',
    ].join('\n'))
  })

  test('prints JSON when asked', async () => {
    const list = JSON.parse(await run('list', '--json')) as unknown[]
    expect(list[0]).toEqual({ name: 'that-greets', state: 'available', version: '1.0.0', shape: 'decorated', description: 'Greets whoever it is asked to' })
  })
})

describe.each(engines)('mortise plugins purge, on %s', (engine) => {
  /** What is stored for plugins, and for clients. */
  async function look(): Promise<string[]> {
    const store = await openStore()
    const indexes = [...await store.listIndexes('private'), ...await store.listIndexes('public')]
    await store.close()
    return indexes
  }

  afterEach(async () => {
    await schema?.drop()
    schema = undefined
  })

  beforeEach(async () => {
    if (engine === 'postgres') schema = new PostgresSchema()
    const store = await openStore()
    const crm = new PrivateStore(store, 'Crm')
    await crm.repository('people').create({ _id: 'ann' })
    for (const _id of ['one', 'two']) await crm.repository('visits').create({ _id })
    await new PrivateStore(store, 'crm-reports').repository('people').create({ _id: 'ann' })
    await store.createCollection({ index: 'plugin-crm', collection: 'people' })
    await store.close()
  })

  test('removes what the plugin has stored, only that, and says what it was', async () => {
    expect(await run('purge', 'Crm', '--yes')).toBe('What "Crm" had stored is removed:\n  people  1 document\n  visits  2 documents')
    expect(await look()).toEqual(['plugin-crm-reports', 'plugin-crm'])
  })

  test('only tells what there is, without --yes', async () => {
    await expect(run('purge', 'Crm')).rejects.toThrow('"Crm" has stored:\n  people  1 document\n  visits  2 documents\nNothing brings it back. Stop the host and add --yes to remove it.')
    expect(await look()).toEqual(['plugin-crm', 'plugin-crm-reports', 'plugin-crm'])
  })

  test('removes what waits for its durable hooks, also when it has stored nothing else', async () => {
    const store = await openStore()
    const recorder = ({ document: { _id } }: { document: { _id: string } }) => [{ key: _id, plugin: `${_id}-plugin`, listener: 'It.hear', event: 'e', entity: _id, payload: '{}' }]
    await store.mCreate({ index: 'plugin-crm', collection: 'people', recorder }, ['bills', 'mails'].map((_id) => ({ _id, body: {} })))
    await store.close()
    await expect(run('purge', 'bills-plugin')).rejects.toThrow('"bills-plugin" has stored:\n  durable hooks  1 delivery\n')
    expect(await run('purge', 'bills-plugin', '--yes')).toBe('What "bills-plugin" had stored is removed:\n  durable hooks  1 delivery')
    const again = await openStore()
    expect(await again.outbox.count()).toMatchObject([{ plugin: 'mails-plugin', waiting: 1 }])
    await again.close()
  })

  test('suggests a name for one that has stored nothing', async () => {
    await expect(run('purge', 'crn', '--yes')).rejects.toThrow('No plugin "crn" has stored anything. Did you mean "crm"?')
    await run('purge', 'crm', '--yes')
    await run('purge', 'crm-reports', '--yes')
    await expect(run('purge', 'crm', '--yes')).rejects.toThrow('No plugin "crm" has stored anything. No other has either.')
  })
})

import { Command } from 'commander'
import type { DeliverySelection, DocumentStore, StoredDelivery } from '@app/storage'
import type { OpenStore } from './purge-plugin.js'
import { Misuse, Refusal } from './refusal.js'
import { renderColumns } from './render-columns.js'

/** What the commands work with. */
export interface EventsCommandParts {
  readonly openStore: OpenStore
  readonly print: (text: string) => void
}

interface Options { plugin?: string; all?: boolean; json?: boolean }

const MOST_SHOWN = 1000

/**
 * `mortise events failed | retry | drop`: what durable hooks could not be told of. They work on the store, also beside a host that runs,
 * which then sees to it within a second.
 */
export function eventsCommand({ openStore, print }: EventsCommandParts): Command {
  const events = new Command('events').description('what durable hooks could not be told of: show it, try again, let go')
  const withStore = async (which: DeliverySelection, work: (store: DocumentStore, which: DeliverySelection) => Promise<string>): Promise<void> => {
    const store = await openStore()
    try {
      print(await work(store, which))
    } finally {
      await store.close()
    }
  }
  events.command('failed')
    .description('show deliveries that were given up')
    .option('--plugin <name>', 'of one plugin only')
    .option('--json', 'print JSON, with what was to be told')
    .action(({ plugin, json }: Options) => withStore({ plugin }, async ({ outbox }, which) => {
      const found = await outbox.listDead(which, { size: MOST_SHOWN })
      return json ? JSON.stringify({ ...found, listeners: await outbox.count() }, null, 2) : renderFailed(found)
    }))
  for (const [name, description, done, work] of CHANGES) {
    events.command(`${name} [keys...]`)
      .description(description)
      .option('--plugin <name>', 'all of one plugin')
      .option('--all', 'all there are')
      .option('--json', 'print JSON')
      .action(async (keys: string[], options: Options) => withStore(selectionOf(name, keys, options), async (store, which) => {
        const count = await work(store, which)
        if (count === 0 && keys.length > 0) throw new Refusal(`Nothing that failed has the key "${keys.join('" or "')}". "mortise events failed" shows what has.`)
        return options.json ? JSON.stringify({ [done]: count }) : `${count} ${count === 1 ? 'delivery is' : 'deliveries are'} ${done}.`
      }))
  }
  return events
}

const CHANGES = [
  ['retry', 'try deliveries again that were given up', 'retried', (store: DocumentStore, which: DeliverySelection) => store.outbox.retryDead(which, Date.now())],
  ['drop', 'remove deliveries that were given up', 'dropped', (store: DocumentStore, which: DeliverySelection) => store.outbox.dropDead(which)],
] as const

/** @throws {@link Misuse} when nothing says which: nobody is to drop everything by leaving something out */
function selectionOf(command: string, keys: readonly string[], { plugin, all }: Options): DeliverySelection {
  if (keys.length === 0 && plugin === undefined && !all) {
    throw new Misuse(`Say which: "mortise events ${command} <key> …", "--plugin <name>" or "--all". "mortise events failed" shows them.`)
  }
  return { plugin, ...(keys.length > 0 && { keys }) }
}

function renderFailed({ total, deliveries }: { total: number; deliveries: readonly StoredDelivery[] }): string {
  if (total === 0) return 'Nothing has failed for good.'
  const rows = deliveries.map(({ key, listener, event, entity, attempts, createdAt, error }) =>
    [key, listener, event, entity, `${attempts} attempts`, new Date(createdAt).toISOString(), (error ?? '').split('\n')[0]!])
  const rest = total - deliveries.length
  return `${renderColumns(rows)}${rest > 0 ? `\n… and ${rest} more` : ''}`
}

import { privateIndexOf, type DocumentStore } from '@app/storage'
import { Refusal, unknownOwner } from './refusal.js'

/** Opens what plugins have stored; the caller closes it. */
export type OpenStore = () => Promise<DocumentStore>

/**
 * Removes everything that a plugin has stored for itself, what waits to be told to its durable hooks, and the history of its jobs, and nothing else: not what it wrote for clients, not the plugin. Returns what
 * was removed.
 *
 * @param isSure - Whether the person has said so; without it, nothing is removed.
 * @throws {@link Refusal} for a plugin that has stored nothing, and when the person is not sure, with what there is.
 */
export async function purgePlugin(openStore: OpenStore, name: string, isSure: boolean): Promise<string> {
  const store = await openStore()
  try {
    const { indexes } = await store.stats('private')
    const own = indexes.find((index) => index.name === privateIndexOf(name))
    const counts = await store.outbox.count()
    const deliveries = counts.filter(({ plugin }) => plugin === name).reduce((sum, { waiting, dead }) => sum + waiting + dead, 0)
    if (!own && deliveries === 0) throw unknownOwner(name, [...indexes.map((index) => index.name.slice(privateIndexOf('').length)), ...counts.map(({ plugin }) => plugin)])
    const content = [
      ...(own?.collections ?? []).map((collection) => `  ${collection.name}  ${countOf(collection.documentCount, 'document', 'documents')}`),
      ...(deliveries > 0 ? [`  durable hooks  ${countOf(deliveries, 'delivery', 'deliveries')}`] : []),
    ].join('\n')
    if (!isSure) throw new Refusal(`"${name}" has stored:\n${content}\nNothing brings it back. Stop the host and add --yes to remove it.`)
    if (own) await store.deleteIndex(own.name, 'private')
    await store.outbox.purge(name)
    await store.schedules.purge(name)
    return `What "${name}" had stored is removed:\n${content}`
  } finally {
    await store.close()
  }
}

const countOf = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

import { privateIndexOf, type DocumentStore } from '@app/storage'
import { Refusal, unknownOwner } from './refusal.js'

/** Opens what plugins have stored; the caller closes it. */
export type OpenStore = () => Promise<DocumentStore>

/**
 * Removes everything that a plugin has stored for itself, and nothing else: not what it wrote for clients, not the plugin. Returns what
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
    if (!own) throw unknownOwner(name, indexes.map((index) => index.name.slice(privateIndexOf('').length)))
    const content = own.collections.map((collection) => `  ${collection.name}  ${collection.documentCount} ${collection.documentCount === 1 ? 'document' : 'documents'}`).join('\n')
    if (!isSure) throw new Refusal(`"${name}" has stored:\n${content}\nNothing brings it back. Stop the host and add --yes to remove it.`)
    await store.deleteIndex(own.name, 'private')
    return `What "${name}" had stored is removed:\n${content}`
  } finally {
    await store.close()
  }
}

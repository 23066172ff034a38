import { resolve } from 'node:path'
import { Command } from 'commander'
import type { DocumentStore } from '@app/storage'
import type { OpenStore } from '../purge-plugin.js'
import { exportData } from './export-data.js'
import { importData } from './import-data.js'

/** What the commands work with. */
export interface DataCommandParts {
  /** The folder that relative paths start at. */
  readonly root: string
  readonly openStore: OpenStore
  readonly print: (text: string) => void
  /** Told how far the work has come, for who watches. */
  readonly progress: (text: string) => void
}

interface Options { index?: string; collection?: string; replace?: boolean; json?: boolean }

/** `mortise data export | import`: documents of clients, past pipes and hooks, between stores of any kind. They work on the store, also beside a host that runs. */
export function dataCommand({ root, openStore, print, progress }: DataCommandParts): Command {
  const data = new Command('data').description('documents and their mappings, to a file and from one')
  const withStore = async <T>(work: (store: DocumentStore) => Promise<T>): Promise<T> => {
    const store = await openStore()
    return work(store).finally(() => store.close())
  }
  data.command('export <file>')
    .description('write collections, their mappings and documents into a file, as lines of JSON')
    .option('--index <name>', 'of one index only')
    .option('--collection <name>', 'of collections of this name only')
    .option('--json', 'print JSON')
    .action((file: string, { index, collection, json }: Options) => withStore(async (store) => {
      const counts = await exportData(store, { file: resolve(root, file), index, collection, progress })
      print(json ? JSON.stringify({ file, ...counts }) : `${count(counts.documents, 'document')} of ${count(counts.collections, 'collection')} ${counts.documents === 1 ? 'is' : 'are'} in ${file}.`)
    }))
  data.command('import <file>')
    .description('write what such a file holds into the store; pipes and hooks do not hear of it')
    .option('--replace', 'also documents that are there already')
    .option('--json', 'print JSON')
    .action((file: string, { replace = false, json }: Options) => withStore(async (store) => {
      const counts = await importData(store, { file: resolve(root, file), replace, progress })
      const left = counts.left > 0 ? ` ${count(counts.left, 'document')} that ${counts.left === 1 ? 'was' : 'were'} there already ${counts.left === 1 ? 'is' : 'are'} left as before; --replace takes those of the file.` : ''
      print(json ? JSON.stringify({ file, ...counts }) : `${count(counts.documents, 'document')} of ${count(counts.collections, 'collection')} ${counts.documents === 1 ? 'is' : 'are'} stored.${left}`)
    }))
  return data
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`

import { createError } from '@mortise/sdk'

const refuse = (member: string): never => {
  throw createError('plugin.runtime.unexpected_error', `"app.storage.${member}" is an Elasticsearch client, and this host has no Elasticsearch`)
    .with({ hint: 'Search and write by "app.sdk.document" and "app.sdk.bulk": they take Elasticsearch queries.' })
}

/** `app.storage`: there is no Elasticsearch to be a client of, which is said by name. */
export class ApplicationStorage {
  get storageClient(): never {
    return refuse('storageClient')
  }

  get StorageClient(): never {
    return refuse('StorageClient')
  }
}

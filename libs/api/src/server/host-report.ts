import { availableParallelism, freemem, totalmem } from 'node:os'
import { Injectable } from '@mortise/sdk'
import { Host } from '../ports/host.js'
import { Limits } from '../ports/limits.js'
import { ApiCatalogue, type ApiRoutes } from './api-catalogue.js'
import { EventExplainer, type ExplainedEvent } from './event-explainer.js'
import { withoutSecrets } from './without-secrets.js'

/** The protocol's four services: here one store does for all that is kept, and memory for the rest. */
const services = { internalCache: 'memory', internalStorage: 'document-store', memoryStorage: 'memory', publicStorage: 'document-store' }

/** Tells what the host is and what it offers. */
@Injectable()
export class HostReport {
  constructor(
    private readonly host: Host,
    private readonly catalogue: ApiCatalogue,
    private readonly explainer: EventExplainer,
    private readonly limits: Limits,
  ) {}

  get routes(): ApiRoutes {
    return this.catalogue.routes
  }

  /** @throws `api.assert.invalid_argument` for an event that nothing emits. */
  explain(event: string): ExplainedEvent {
    return this.explainer.explain(event)
  }

  /** The configuration, with secrets hidden. */
  get configuration(): unknown {
    return withoutSecrets(this.host.configuration())
  }

  /** As `server:info` answers: memory in bytes. */
  info(): object {
    const kuzzle = {
      version: this.host.version,
      api: { routes: this.catalogue.routes },
      plugins: this.catalogue.plugins,
      nodeVersion: process.version,
      memoryUsed: process.memoryUsage.rss(),
      uptime: `${process.uptime()}s`,
      system: { cpus: availableParallelism(), memory: { free: freemem(), total: totalmem() } },
    }
    return { serverInfo: { kuzzle, services } }
  }

  capabilities(): object {
    return { limits: { ...this.limits }, plugins: this.catalogue.plugins, routes: this.catalogue.routes, services, version: this.host.version }
  }
}

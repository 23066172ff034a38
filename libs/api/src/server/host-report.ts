import { availableParallelism, freemem, totalmem } from 'node:os'
import { Injectable } from '@mortise/sdk'
import { Host } from '../ports/host.js'
import { Limits } from '../ports/limits.js'
import { ApiCatalogue, type ApiRoutes } from './api-catalogue.js'
import { EventExplainer, type ExplainedEvent } from './event-explainer.js'
import type { PluginSummary } from './plugin-summary.js'
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
      plugins: this.#plugins,
      ...this.#application,
      nodeVersion: process.version,
      memoryUsed: process.memoryUsage.rss(),
      uptime: `${process.uptime()}s`,
      system: { cpus: availableParallelism(), memory: { free: freemem(), total: totalmem() } },
    }
    return { serverInfo: { kuzzle, services } }
  }

  get #plugins(): Readonly<Record<string, PluginSummary>> {
    const application = this.host.application()?.name ?? ''
    const { [application]: _application, ...plugins } = this.catalogue.plugins
    return plugins
  }

  /** An application is shown apart from its plugins. */
  get #application(): object {
    const view = this.host.application()
    if (!view) return {}
    const { name, version, commit } = view
    const { pipes = [], hooks = [], controllers = [] } = this.catalogue.plugins[name] ?? {}
    return { application: { name, version, commit, pipes, hooks, controllers: Object.fromEntries(controllers.map((controller) => [controller, this.routes[controller]])) } }
  }

  capabilities(): object {
    return { limits: { ...this.limits }, plugins: this.#plugins, routes: this.catalogue.routes, services, version: this.host.version }
  }
}

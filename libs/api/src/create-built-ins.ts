import type { Class, Provider } from '@mortise/sdk'
import { EventBus, Registry } from '@app/registry'
import { RealtimeHub } from '@app/realtime'
import { MemoryStore } from '@app/memory'
import type { DocumentStore } from '@app/storage'
import { Supervisor } from '@app/supervision'
import { AdminController } from './admin/admin.controller.js'
import { DataLoader } from './admin/data-loader.js'
import { Dump } from './admin/dump.js'
import { BulkController } from './bulk/bulk.controller.js'
import { GenericEvents } from './bulk/generic-events.js'
import { CollectionController } from './collection/collection.controller.js'
import { Specifications } from './collection/specifications.js'
import { ApiDescription } from './description/api-description.js'
import { DescriptionController } from './description/description.controller.js'
import { Announcer } from './document/announcer.js'
import { Drafts } from './document/drafts.js'
import { ManyWritesController } from './document/many-writes.controller.js'
import { Metadata } from './document/metadata.js'
import { QueryWritesController } from './document/query-writes.controller.js'
import { ReadsController } from './document/reads.controller.js'
import { SingleWritesController } from './document/single-writes.controller.js'
import { IndexController } from './indexes/index.controller.js'
import { PluginsController } from './plugins/plugins.controller.js'
import { EventsController } from './events/events.controller.js'
import { Changes, RealtimeChanges, UnwatchedChanges } from './ports/changes.js'
import { Host } from './ports/host.js'
import { KnownTypes } from './ports/known-types.js'
import { Limits } from './ports/limits.js'
import { PluginDesk } from './ports/plugin-desk.js'
import { Store } from './ports/store.js'
import { MemoryController } from './memory/memory.controller.js'
import { CallsController } from './plugins/calls.controller.js'
import { RealtimeController } from './realtime/realtime.controller.js'
import { ApiCatalogue } from './server/api-catalogue.js'
import { EventExplainer } from './server/event-explainer.js'
import { HostReport } from './server/host-report.js'
import { ScheduleController } from './schedule/schedule.controller.js'
import { ServerController } from './server/server.controller.js'
import { Statistics } from './server/statistics.js'

/** What the built-in controllers stand on. */
export interface BuiltInParts {
  readonly store: DocumentStore
  readonly registry: Registry
  readonly bus: EventBus
  readonly host: Host
  /** 200 documents to write and 10,000 to read when absent. */
  readonly limits?: Limits
  /** What specifications may name; the host's own types when absent. */
  readonly types?: KnownTypes
  /** Values in memory; without them, there is no `ms` controller. */
  readonly memory?: MemoryStore
  /** Subscriptions; without them, there is no `realtime` controller. */
  readonly realtime?: RealtimeHub
  /** Who bounds calls into plugins; without it, there is nothing to tell of them. */
  readonly supervisor?: Supervisor
  /** Who is told of changed documents; those who subscribed when absent. */
  readonly changes?: Changes
  /** Kept here, counted by whoever runs requests; of its own, and always zero, when absent. */
  readonly statistics?: Statistics
  /** Where plugins are switched; without it, there is no `plugins` controller. */
  readonly desk?: PluginDesk
}

/** Controllers and providers, as `@Plugin` takes them. */
export interface BuiltIns {
  readonly controllers: readonly Class[]
  readonly providers: readonly Provider[]
}

/**
 * The host's own controllers, as a plugin brings its: decorated classes, and
 * what is injected into them. The composition hands both to the reader of
 * decorated plugins and registers what comes out.
 */
export function createBuiltIns({ store, registry, bus, host, realtime, supervisor, ...parts }: BuiltInParts): BuiltIns {
  const changes = parts.changes ?? (realtime ? new RealtimeChanges(realtime) : new UnwatchedChanges())
  const optional = createOptional({ realtime, supervisor, ...parts })
  return {
    controllers: [
      ServerController, DescriptionController, IndexController, CollectionController, BulkController, AdminController,
      EventsController, ScheduleController,
      ReadsController, SingleWritesController, ManyWritesController, QueryWritesController,
      ...optional.controllers,
    ],
    providers: [
      { provide: Store, useValue: store },
      { provide: Registry, useValue: registry },
      { provide: EventBus, useValue: bus },
      { provide: Host, useValue: host },
      { provide: Limits, useValue: parts.limits ?? new Limits() },
      { provide: KnownTypes, useValue: parts.types ?? new KnownTypes() },
      { provide: Changes, useValue: changes },
      ...optional.providers,
      { provide: Statistics, useValue: parts.statistics ?? new Statistics(() => host.connections()) },
      ApiCatalogue, ApiDescription, EventExplainer, HostReport, Dump, DataLoader,
      Specifications, Metadata, Drafts, Announcer, GenericEvents,
    ],
  }
}

/** Controllers that stand on what a composition may leave out, each with that. */
function createOptional({ realtime, memory, desk, supervisor }: Pick<BuiltInParts, 'realtime' | 'memory' | 'desk' | 'supervisor'>): BuiltIns {
  const all = [
    [RealtimeController, RealtimeHub, realtime], [MemoryController, MemoryStore, memory], [PluginsController, PluginDesk, desk],
    [CallsController, Supervisor, supervisor],
  ] as const
  const given = all.filter(([, , useValue]) => useValue !== undefined)
  return { controllers: given.map(([controller]) => controller), providers: given.map(([, provide, useValue]) => ({ provide, useValue })) }
}

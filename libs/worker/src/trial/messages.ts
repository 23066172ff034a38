import type { RouteDefinition } from '@app/registry'
import type { WireError } from '../wire/error.format.js'

/** What a plugin brings, without what does it. */
export interface PluginOutline {
  readonly name: string
  readonly version: string
  readonly pipes: readonly { readonly event: string }[]
  readonly hooks: readonly { readonly event: string }[]
  readonly controllers: readonly { readonly name: string; readonly actions: readonly { readonly name: string; readonly routes: readonly RouteDefinition[] }[] }[]
  readonly strategies?: readonly { readonly name: string }[]
  readonly protocols?: readonly { readonly name: string }[]
}

/** What a trial came to. */
export type TrialOutcome = { readonly outline: PluginOutline } | { readonly faults: readonly WireError[] }

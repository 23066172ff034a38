import type { JsonSchema } from '@mortise/sdk'
import { clientSource } from './client-source.js'
import { declareType } from './schema-type.js'

/** An action of a plugin, as the host describes it. */
export interface TypedAction {
  readonly controller: string
  readonly action: string
  readonly description: { readonly summary?: string; readonly input?: JsonSchema; readonly output?: JsonSchema }
}

const HEAD = '// Written by `mortise types`; write it anew when plugins have changed.\n'

/** What an action that names no schema takes and gives. */
const ANY_INPUT = '{ body?: unknown; [argument: string]: unknown }'

/** The files by their names: types of all actions, their events for plugins, and the client. */
export function renderTypes(actions: readonly TypedAction[]): Readonly<Record<string, string>> {
  return { 'mortise-actions.d.ts': renderActions(actions), 'mortise-events.d.ts': renderEvents(actions), 'mortise-client.ts': clientSource }
}

function renderActions(actions: readonly TypedAction[]): string {
  const declared = actions.flatMap((action) => (['input', 'output'] as const).flatMap((side) => {
    const schema = action.description[side]
    return schema && isTelling(schema) ? [declareType(schema, typeName(action, side))] : []
  }))
  const entries = actions.map((action) => {
    const { summary } = action.description
    const note = summary === undefined ? '' : `  /** ${summary.replaceAll('*/', '* /').replace(/\s+/g, ' ')} */\n`
    return `${note}  ${JSON.stringify(`${action.controller}:${action.action}`)}: { input: ${sideOf(action, 'input', ANY_INPUT)}; output: ${sideOf(action, 'output', 'unknown')} }`
  })
  return `${HEAD}\n${[...declared, ''].join('\n\n')}/** Every action of the enabled plugins, with what it takes and gives. */\nexport interface MortiseActions {\n${entries.join('\n')}\n}\n`
}

/** For plugins: with this file in the project, the events of each other's actions compile. */
function renderEvents(actions: readonly TypedAction[]): string {
  const names = new Map<string, string[]>()
  for (const { controller, action } of actions) names.set(controller, [...names.get(controller) ?? [], JSON.stringify(action)])
  const lines = [...names].map(([controller, own]) => `    ${JSON.stringify(controller)}: ${own.join(' | ')}`)
  return `${HEAD}import '@mortise/sdk'\n\ndeclare module '@mortise/sdk' {\n  interface Actions {\n${lines.join('\n')}\n  }\n}\n`
}

const sideOf = (action: TypedAction, side: 'input' | 'output', otherwise: string): string => {
  const schema = action.description[side]
  return schema && isTelling(schema) ? typeName(action, side) : otherwise
}

/** `{}` is anything. */
const isTelling = (schema: JsonSchema): boolean => Object.keys(schema).length > 0

/** `checkout/payment:pay` → `CheckoutPaymentPayInput`. */
const typeName = ({ controller, action }: TypedAction, side: string): string =>
  `${controller}-${action}-${side}`.split(/[^A-Za-z0-9]+/).map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')

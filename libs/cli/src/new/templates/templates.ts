import { javascriptTemplate } from './javascript-template.js'
import { protocolTemplate } from './protocol-template.js'
import { strategyTemplate } from './strategy-template.js'
import type { Template } from './template.js'
import { typescriptTemplate } from './typescript-template.js'
import { workerTemplate } from './worker-template.js'

/** What `mortise new plugin --template` takes; the first is the default. */
export const templates = {
  typescript: typescriptTemplate,
  javascript: javascriptTemplate,
  protocol: protocolTemplate,
  strategy: strategyTemplate,
  worker: workerTemplate,
} satisfies Record<string, Template>

export type TemplateName = keyof typeof templates

export const templateNames = Object.keys(templates) as TemplateName[]

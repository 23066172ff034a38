import { Command } from 'commander'
import type { ExplainedEvent, ExplainedListener } from '@app/api'
import { renderColumns } from './render-columns.js'

/** What the command works with. */
export interface ExplainCommandParts {
  /** Asks a host as the one in this folder would be. @throws what keeps it from loading; for an event that nothing emits, the nearest */
  readonly explain: (event: string) => Promise<ExplainedEvent>
  readonly print: (text: string) => void
}

/** `mortise explain <event>`: who listens, in which order, where and why. */
export function explainCommand({ explain, print }: ExplainCommandParts): Command {
  return new Command('explain')
    .description('show who listens to an event, in which order, where and why')
    .argument('<event>', 'such as document:beforeCreate')
    .option('--json', 'print JSON')
    .action(async (event: string, { json }: { json?: boolean }) => {
      const explained = await explain(event)
      print(json ? JSON.stringify(explained, null, 2) : renderExplanation(explained))
    })
}

/** The chain as lines of columns. */
function renderExplanation({ event, listeners }: ExplainedEvent): string {
  if (listeners.length === 0) return `Nobody listens to ${event}.`
  const rows = listeners.map((listener, at) => [
    String(at + 1), listener.kind, listener.listener, listener.phase, listener.runs, timeOf(listener), budgetOf(listener), nameOf(listener, event), listener.why.join('; '),
  ])
  return renderColumns([['', 'kind', 'listener', 'phase', 'runs', 'timeout', 'budget', 'on', 'why'], ...rows])
}

const timeOf = ({ kind, timeout }: ExplainedListener): string => (kind !== 'pipe' || timeout === undefined ? '-' : timeout === 0 ? 'none' : `${timeout} ms`)

const budgetOf = ({ budget: { concurrency, queue, onFailure, breaker } = {} }: ExplainedListener): string => [
  ...(concurrency ? [`${concurrency} at once`, `${queue ?? 0} waiting`] : []),
  ...(onFailure === 'fail-open' ? ['fails open'] : []),
  ...(breaker ? [`breaker after ${breaker.failures}`] : []),
].join(', ') || '-'

/** What it hears of the event: a pattern it was registered under, and its filter. */
const nameOf = ({ event, where }: ExplainedListener, asked: string): string =>
  [event === asked ? 'itself' : event, ...(where ? [`where ${JSON.stringify(where)}`] : [])].join(' ')

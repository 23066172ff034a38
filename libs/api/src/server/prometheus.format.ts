import type { PluginCalls } from '@app/supervision'
import type { ConnectionCounts } from '../ports/host.js'

/** What `server:metrics` tells. */
export interface HostMetrics {
  readonly api: { readonly concurrentRequests: number; readonly pendingRequests: number }
  readonly network: { readonly connections: ConnectionCounts }
  readonly realtime: { readonly rooms: number; readonly subscriptions: number }
}

type Labels = Readonly<Record<string, string>>
type Sample = readonly [labels: Labels, value: number | undefined]

/** How open a breaker is, as a number. */
const BREAKER = { closed: 0, 'half-open': 1, open: 2 } as const

/** Writes metrics as Prometheus reads them. Source: its text format, version 0.0.4. Durations in seconds, as is usual there. */
export function writePrometheus({ api, network, realtime }: HostMetrics, plugins: readonly PluginCalls[]): string {
  return [
    metric('mortise_requests_running', 'gauge', 'Requests that are worked on.', [[{}, api.concurrentRequests]]),
    metric('mortise_requests_waiting', 'gauge', 'Requests that wait for a slot.', [[{}, api.pendingRequests]]),
    metric('mortise_connections', 'gauge', 'Client connections that are open.', Object.entries(network.connections).map(([protocol, count]) => [{ protocol }, count])),
    metric('mortise_realtime_rooms', 'gauge', 'Rooms that somebody is in.', [[{}, realtime.rooms]]),
    metric('mortise_realtime_subscriptions', 'gauge', 'Subscriptions of clients.', [[{}, realtime.subscriptions]]),
    ...listenerMetrics(plugins),
    metric('mortise_plugin_quarantined', 'gauge', 'Whether a plugin is in quarantine.', plugins.map(({ plugin, quarantine }) => [{ plugin }, quarantine ? 1 : 0])),
    metric('mortise_plugin_calls_running', 'gauge', 'Calls under way in the line of a plugin.', plugins.map(({ plugin, running }) => [{ plugin }, running])),
    metric('mortise_plugin_calls_waiting', 'gauge', 'Calls that wait in the line of a plugin.', plugins.map(({ plugin, waiting }) => [{ plugin }, waiting])),
  ].join('')
}

function listenerMetrics(plugins: readonly PluginCalls[]): string[] {
  const listeners = plugins.flatMap(({ plugin, listeners: found }) => found.map((calls) =>
    ({ calls, labels: { plugin, kind: calls.kind, listener: calls.listener, event: calls.event } })))
  const each = (value: (calls: PluginCalls['listeners'][number]) => number | undefined): Sample[] => listeners.map(({ labels, calls }) => [labels, value(calls)])
  const outcomes = listeners.flatMap(({ labels, calls }): Sample[] => [
    [{ ...labels, outcome: 'ok' }, calls.calls - calls.refused - calls.failed],
    [{ ...labels, outcome: 'refused' }, calls.refused],
    [{ ...labels, outcome: 'failed' }, calls.failed],
    [{ ...labels, outcome: 'skipped' }, calls.skipped],
  ])
  const durations = listeners.flatMap(({ labels, calls }): Sample[] => [[{ ...labels, quantile: '0.5' }, calls.p50 / 1000], [{ ...labels, quantile: '0.99' }, calls.p99 / 1000]])
  const name = 'mortise_listener_duration_seconds'
  return [
    metric('mortise_listener_calls_total', 'counter', 'Calls of listeners, by how they ended.', outcomes),
    metric(name, 'summary', 'How long listeners took.', durations),
    ...samples(`${name}_sum`, each(({ total }) => total / 1000)),
    ...samples(`${name}_count`, each(({ calls }) => calls)),
    metric('mortise_listener_breaker', 'gauge', 'State of a breaker: 0 closed, 1 half-open, 2 open.', each(({ breaker }) => breaker && BREAKER[breaker])),
    metric('mortise_listener_running', 'gauge', 'Calls under way in the line of a listener.', each(({ running }) => running)),
    metric('mortise_listener_waiting', 'gauge', 'Calls that wait in the line of a listener.', each(({ waiting }) => waiting)),
  ]
}

/** A metric without samples is left out. */
function metric(name: string, type: 'gauge' | 'counter' | 'summary', help: string, found: readonly Sample[]): string {
  const lines = samples(name, found)
  return lines.length > 0 ? [`# HELP ${name} ${help}\n`, `# TYPE ${name} ${type}\n`, ...lines].join('') : ''
}

const samples = (name: string, found: readonly Sample[]): string[] =>
  found.filter(([, value]) => value !== undefined).map(([labels, value]) => `${name}${writeLabels(labels)} ${value}\n`)

function writeLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))}"`)
  return pairs.length > 0 ? `{${pairs.join(',')}}` : ''
}

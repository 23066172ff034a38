import findMyWay from 'find-my-way'
import { Request, type RequestData } from '@mortise/sdk'
import type { Registry } from '@app/registry'
import type { Pipeline } from '@app/pipeline'

/** A request as `exchanges.json` records it. */
export interface RecordedRequest {
  readonly method: string
  readonly url: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string | undefined>>
}

type Target = Pick<RequestData, 'controller' | 'action'>

/** Makes of a recorded HTTP request what a door makes of a real one: the action by the route table, path and query as arguments. */
export function toRequest({ routes }: Registry, { method, url, body, headers = {} }: RecordedRequest): Request | undefined {
  const router = findMyWay({ ignoreTrailingSlash: true })
  for (const { verb, path, controller, action } of routes.all) router.on(verb as 'GET', path, () => undefined, { controller, action })
  const { pathname, searchParams } = new URL(url, 'http://host')
  const found = router.find(method as 'GET', pathname)
  if (!found) return undefined
  const volatile = JSON.parse(headers['x-kuzzle-volatile'] ?? 'null') as Record<string, unknown> | null
  const carried = { body, volatile, requestId: headers['x-kuzzle-request-id'] }
  const data: RequestData = { ...found.store as Target, ...Object.fromEntries(searchParams), ...found.params, ...carried }
  return new Request(data, { connection: { protocol: 'http', misc: { verb: method, path: pathname } } })
}

/** Calls an action as a client over WebSocket does. */
export function callAction(pipeline: Pipeline, data: RequestData): Promise<Request> {
  return pipeline.run(new Request(data, { connection: { protocol: 'websocket' } }))
}

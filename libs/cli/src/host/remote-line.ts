import type { RequestData } from '@mortise/sdk'
import { Refusal } from '../refusal.js'
import type { HostAnswer, OnChunk } from './host-answer.js'
import { NoHost } from './no-host.js'

/** A host elsewhere, and who asks it. */
export interface RemoteHost {
  readonly url: string
  readonly token?: string
}

type Published = Readonly<Record<string, Readonly<Record<string, { http?: readonly { verb: string; path: string }[] }>>>>

/** Keys of a request that are no arguments. */
const STRUCTURE = ['controller', 'action', 'body']

/**
 * Asks a host elsewhere over HTTP, by the route that it publishes for the action.
 *
 * @throws {@link NoHost} when none answers, and Refusal when it has no such action.
 */
export async function callRemotely(host: RemoteHost, data: RequestData, onChunk: OnChunk): Promise<HostAnswer> {
  const { result: actions } = await read(await ask(host, 'GET', '/_publicApi'), onChunk)
  const { controller = '', action = '', body, ...rest } = data as Record<string, unknown> as { controller?: string; action?: string; body?: unknown }
  const route = (actions as Published | null)?.[controller]?.[action]?.http?.[0]
  if (!route) throw new Refusal(`The host at ${host.url} has no action ${controller}:${action}, or does not show it. Is the token an administrator's?`)
  return read(await ask(host, route.verb, pathOf(route.path, rest), body), onChunk)
}

async function ask({ url, token }: RemoteHost, method: string, path: string, body?: unknown): Promise<Response> {
  const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(body !== undefined && { 'content-type': 'application/json' }) }
  return fetch(new URL(path, url), { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }).catch((error: Error) => {
    throw new NoHost(`No host answers at ${url}: ${(error.cause as Error | undefined)?.message ?? error.message}. Check --url, and whether that host runs.`)
  })
}

/** An envelope is an answer; everything else is a result that is streamed. */
async function read(response: Response, onChunk: OnChunk): Promise<HostAnswer> {
  if (response.headers.get('content-type')?.startsWith('application/json')) return await response.json() as HostAnswer
  const decoder = new TextDecoder()
  for await (const bytes of response.body ?? []) onChunk(decoder.decode(bytes as Uint8Array, { stream: true }))
  return { status: response.status, error: null, result: null }
}

/** Arguments that the path names go there, the others into the query. */
function pathOf(pattern: string, args: Readonly<Record<string, unknown>>): string {
  const used = new Set(STRUCTURE)
  const path = pattern.replace(/:(\w+)/g, (_, name: string) => {
    used.add(name)
    return encodeURIComponent(String(args[name]))
  })
  const query = Object.entries(args).filter(([name, value]) => !used.has(name) && value !== undefined).map(([name, value]): [string, string] => [name, String(value)])
  return query.length > 0 ? `${path}?${new URLSearchParams(query).toString()}` : path
}

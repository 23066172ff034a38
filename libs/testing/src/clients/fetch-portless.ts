import { request, type IncomingMessage } from 'node:http'
import type { PortlessServer } from './portless-server.js'

/** What is asked for over HTTP. */
export interface FetchOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** Whom requests of tests name as their host. */
const TEST_ORIGIN = 'http://localhost'
const NO_BODY = new Set([204, 205, 304])
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/** Asks a server that has no port, and follows where it sends to. Resolves to the answer as `fetch` would. */
export async function fetchPortless(server: PortlessServer, path: string, options: FetchOptions = {}): Promise<Response> {
  const answer = await ask(server, path, options)
  const to = answer.headers.get('location')
  if (!REDIRECTS.has(answer.status) || to === null) return answer
  const { origin, pathname, search } = new URL(to, TEST_ORIGIN)
  const next = answer.status > 303 ? options : { headers: options.headers }
  return origin === TEST_ORIGIN ? fetchPortless(server, pathname + search, next) : fetch(to, next)
}

function ask(server: PortlessServer, path: string, { method = 'GET', headers, body }: FetchOptions): Promise<Response> {
  return new Promise((resolve, reject) => {
    const asked = request({
      path, method, headers: { connection: 'close', host: new URL(TEST_ORIGIN).host, ...headers }, createConnection: () => server.connect(),
    }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => resolve(toResponse(answer, Buffer.concat(chunks))))
      answer.on('error', reject)
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

function toResponse({ statusCode = 500, statusMessage, rawHeaders }: IncomingMessage, body: Buffer): Response {
  const headers = new Headers()
  for (let at = 0; at < rawHeaders.length; at += 2) headers.append(rawHeaders[at] as string, rawHeaders[at + 1] as string)
  return new Response(NO_BODY.has(statusCode) || body.length === 0 ? null : new Uint8Array(body), { status: statusCode, statusText: statusMessage, headers })
}

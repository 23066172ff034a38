/**
 * What documents cost: create, get, update, mCreate of 200 and search, over WebSocket and HTTP, against the hello action of the same host
 * in the same run. The store is the embedded one with full durability, and holds ten thousand documents at the start.
 */
import autocannon from 'autocannon'
import { compare, startServer } from './measure.mjs'
import { hello, IN_FLIGHT, loadSockets, SOCKETS } from './websocket.mjs'

/** What is searched does not grow: new documents go elsewhere. */
const [ORDERS, ARCHIVE] = ['/bench/orders', '/bench/archive']
const [orders, archive] = [ORDERS, ARCHIVE].map((path) => path.split('/')).map(([, index, collection]) => ({ index, collection }))
const CONNECTIONS = 50

let number = 0
const next = () => number++
const body = () => ({ city: `town${next() % 100}`, quantity: number, at: '2024-01-31T12:00:00.000Z', note: 'a few words that stand here' })
const batch = (count) => ({ documents: Array.from({ length: count }, () => ({ body: body() })) })

/** Each action as a frame and as an HTTP request; `ids` are those of documents that are there. */
const actionsOn = (ids) => {
  const anyId = () => ids[next() % ids.length]
  const query = () => ({ query: { term: { city: `town${next() % 100}` } } })
  return {
    'create': { goal: '≥ 0.60', frame: () => ({ action: 'create', ...archive, body: body() }), http: () => ({ method: 'POST', path: `${ARCHIVE}/_create`, body: body() }) },
    'get': { goal: '≥ 0.75', frame: () => ({ action: 'get', ...orders, _id: anyId() }), http: () => ({ method: 'GET', path: `${ORDERS}/${anyId()}` }) },
    'update': {
      frame: () => ({ action: 'update', ...orders, _id: anyId(), body: { quantity: next() } }),
      http: () => ({ method: 'PUT', path: `${ORDERS}/${anyId()}/_update`, body: { quantity: next() } }),
    },
    'mCreate of 200': {
      inFlight: 1, frame: () => ({ action: 'mCreate', ...archive, body: batch(200) }), http: () => ({ method: 'POST', path: `${ARCHIVE}/_mCreate`, body: batch(200) }),
    },
    'search': { frame: () => ({ action: 'search', ...orders, body: query() }), http: () => ({ method: 'POST', path: `${ORDERS}/_search`, body: query() }) },
  }
}

async function fill(port) {
  const send = async (method, path, content) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(content) })
    return (await response.json()).result
  }
  for (const path of [ORDERS, ARCHIVE]) await send('PUT', path, { mappings: { properties: { city: { type: 'keyword' } } } })
  const ids = []
  for (let n = 0; n < 50; n++) ids.push(...(await send('POST', `${ORDERS}/_mCreate`, batch(200))).successes.map(({ _id }) => _id))
  return ids
}

async function loadHttp(port, seconds, request) {
  const setupRequest = () => {
    const { method, path, body: content } = request()
    return { method, path, headers: content ? { 'content-type': 'application/json' } : {}, body: content && JSON.stringify(content) }
  }
  const { requests, non2xx, errors } = await autocannon({ url: `http://127.0.0.1:${port}`, connections: CONNECTIONS, duration: seconds, requests: [{ setupRequest }] })
  if (non2xx + errors > 0) throw new Error(`${non2xx} answers other than 2xx, ${errors} errors`)
  return requests.total
}

export async function runDocuments({ seconds, rounds }) {
  const host = await startServer('mortise.mjs', '0')
  const start = () => ({ ...host, stop: () => undefined })
  const actions = Object.entries(actionsOn(await fill(host.port)))
  await compare({
    title: `documents over WebSocket, ${IN_FLIGHT} in flight on ${SOCKETS} sockets, ${rounds} × ${seconds} s`,
    unit: 'requests', rounds,
    baseline: { name: 'hello', start, load: (port) => loadSockets(port, seconds, hello) },
    candidates: actions.map(([name, { goal, frame, inFlight }]) => ({
      name, goal, start,
      load: (port) => loadSockets(port, seconds, (requestId) => JSON.stringify({ requestId, controller: 'document', ...frame() }), inFlight),
    })),
  })
  await compare({
    title: `documents over HTTP, ${CONNECTIONS} connections, ${rounds} × ${seconds} s`,
    unit: 'requests', rounds,
    baseline: { name: 'hello', start, load: (port) => loadHttp(port, seconds, () => ({ method: 'GET', path: '/_/hello?name=bench' })) },
    candidates: actions.map(([name, { http }]) => ({ name, start, load: (port) => loadHttp(port, seconds, http) })),
  })
  await host.stop()
}

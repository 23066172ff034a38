/** Hello with a token and a profile of three roles, against hello by nobody in particular, on the same kind of host. */
import autocannon from 'autocannon'
import { compare, startServer } from './measure.mjs'
import { hello, loadSockets } from './websocket.mjs'

/** A host with people, and the token of one of them. */
async function startWithToken(known) {
  const server = await startServer('mortise-with-people.mjs')
  known.token = server.token
  return server
}

async function loadHttp(port, seconds, headers) {
  const { requests, non2xx, errors } = await autocannon({ url: `http://127.0.0.1:${port}/_/hello?name=bench`, connections: 50, duration: seconds, headers })
  if (non2xx + errors > 0) throw new Error(`${non2xx} answers other than 2xx, ${errors} errors`)
  return requests.total
}

export async function runRights({ seconds, rounds }) {
  const known = {}
  // Put together as cheaply as the anonymous frame: what is measured is the host, not who asks.
  const frame = (requestId) => `${hello(requestId).slice(0, -1)},"jwt":"${known.token}"}`
  await compare({
    title: 'hello over HTTP with a token', unit: 'requests', rounds,
    baseline: { name: 'anonymous', start: () => startServer('mortise-with-people.mjs'), load: (port) => loadHttp(port, seconds) },
    candidates: [{ name: 'with a token', goal: '≥ 0.90', start: () => startWithToken(known), load: (port) => loadHttp(port, seconds, { authorization: `Bearer ${known.token}` }) }],
  })
  await compare({
    title: 'hello over WebSocket with a token', unit: 'requests', rounds,
    baseline: { name: 'anonymous', start: () => startServer('mortise-with-people.mjs'), load: (port) => loadSockets(port, seconds, hello) },
    candidates: [{ name: 'with a token', goal: '≥ 0.90', start: () => startWithToken(known), load: (port) => loadSockets(port, seconds, frame) }],
  })
}

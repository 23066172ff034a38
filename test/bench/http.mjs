/** Hello over HTTP with 0 and 10 asynchronous pipes, against bare Fastify sending the same envelope. */
import autocannon from 'autocannon'
import { compare, startServer } from './measure.mjs'

export const runHttp = ({ seconds, rounds }) => compare({
  title: `hello over HTTP, 50 connections, ${rounds} × ${seconds} s`,
  unit: 'requests',
  rounds,
  load: async (port) => {
    const { requests, non2xx, errors } = await autocannon({ url: `http://127.0.0.1:${port}/_/hello?name=bench`, connections: 50, duration: seconds })
    if (non2xx + errors > 0) throw new Error(`${non2xx} answers other than 2xx, ${errors} errors`)
    return requests.total
  },
  baseline: { name: 'bare Fastify', start: () => startServer('bare-fastify.mjs') },
  candidates: [
    { name: 'bare Fastify with the host\'s headers', start: () => startServer('bare-fastify.mjs', 'headers') },
    { name: 'Mortise, no pipe', goal: '≥ 0.80', start: () => startServer('mortise.mjs', '0') },
    { name: 'Mortise, 10 pipes', goal: '≥ 0.70', start: () => startServer('mortise.mjs', '10') },
  ],
})

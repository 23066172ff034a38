/** Bare Fastify sending the envelope that the host sends for the same action; told "headers", under the host's headers too. */
import { randomUUID } from 'node:crypto'
import Fastify from 'fastify'
import { serve } from './serve.mjs'

const headers = {
  'access-control-allow-methods': 'GET,POST,PUT,PATCH,DELETE,OPTIONS,HEAD',
  'access-control-allow-headers':
    'Content-Type, Access-Control-Allow-Headers, Authorization, X-Requested-With, Content-Encoding, Content-Length, X-Kuzzle-Volatile',
  'accept-encoding': 'gzip,deflate,identity',
  'access-control-allow-credentials': 'true',
}
const hasHeaders = process.argv[2] === 'headers'
const app = Fastify()
app.get('/_/hello', (request, reply) => {
  const requestId = randomUUID()
  if (hasHeaders) reply.headers({ ...headers, 'x-kuzzle-request-id': requestId })
  reply.send({
    requestId, status: 200, error: null, controller: 'hello', action: 'sayHello', volatile: null, headers: {},
    result: `Hello ${request.query.name}`,
  })
})
await app.listen({ port: 0, host: '127.0.0.1' })
serve(app.server.address().port)

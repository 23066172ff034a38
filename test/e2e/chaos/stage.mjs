import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createTestHost } from '@mortise/sdk/testing'

/** Where each shipped plugin may run; doors and those that take strategies at run time need the host's own thread. */
const PLACES = {
  'hello-world': ['inline', 'thread', 'process'],
  'stock-guard': ['inline', 'thread', 'process'],
  'created-at': ['inline', 'thread', 'process'],
  'deletion-log': ['inline', 'thread', 'process'],
  'checkout': ['inline', 'thread', 'process'],
  'auth-local': ['inline', 'thread', 'process'],
  'classic-hello': [undefined],
  'auth-oidc': [undefined],
  'mqtt': [undefined],
  'sse': [undefined],
}

/** Not shipped: it has the durable hook that must miss nothing. */
const LEDGER = 'that-keeps-a-ledger'

export const SHIPPED = Object.keys(PLACES)

/** Users who may log in, with their passwords. */
export const PEOPLE = { ann: 'a-secret-1', bob: 'b-secret-2' }

/** The address that `auth-oidc` is to send people to. */
export const PROVIDER = 'http://127.0.0.1:1/authorize'

/** How many of each product there are to be ordered. */
export const STOCK = { apple: 5, pear: 1 }

/** A host with every shipped plugin, each in a place that chance has chosen. */
export async function openStage(random) {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-chaos-'))
  const files = { deletions: join(folder, 'deletions'), ledger: join(folder, 'ledger') }
  const payments = await openPayments()
  const isolation = Object.fromEntries([...Object.entries(PLACES), [LEDGER, ['thread', 'process']]].map(([name, places]) => [name, random.pick(places)]).filter(([, place]) => place))
  const host = await createTestHost({
    plugins: [...SHIPPED.map((name) => resolve('plugins/available', name)), resolve('test/fixtures/plugins', LEDGER)],
    pipeTimeout: 1_000, isolation,
    config: {
      'deletion-log': { file: files.deletions }, [LEDGER]: { file: files.ledger }, 'checkout': { url: payments.url },
      'mqtt': { port: 0, host: '127.0.0.1', disconnectDelay: 0 }, 'sse': { port: 0, host: '127.0.0.1' },
      'auth-local': { maxFailures: 100_000, maxFailuresPerAddress: 100_000 },
      'auth-oidc': { providers: { club: { clientId: 'mortise', callbackUrl: 'http://127.0.0.1/_login/club', allowInsecure: true, authorizationUrl: PROVIDER, tokenUrl: 'http://127.0.0.1:1/token', userInfoUrl: 'http://127.0.0.1:1/me' } } },
    },
    secrets: { 'auth-oidc': { club: 'club-secret' }, 'checkout': { key: 'key' } },
  })
  await furnish(host)
  const { port } = await host.open()
  const close = async () => {
    await host.close()
    payments.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { host, port, mqttPort: portIn(host.logs, /^MQTT listens on port (\d+)/), ssePort: portIn(host.logs, /^Server-sent events .* port (\d+)/), isolation, isolated: isolatedOf(isolation), linesOf: (name) => linesOf(files[name]), close }
}

const isolatedOf = (isolation) => Object.keys(isolation).filter((name) => isolation[name] !== 'inline')

async function furnish(host) {
  for (const collection of ['notes', 'orders', 'stock']) await host.createCollection('shop', collection)
  for (const [product, quantity] of Object.entries(STOCK)) await host.document.create('shop', 'stock', { quantity }, product)
  for (const [username, password] of Object.entries(PEOPLE)) {
    await host.call({ controller: 'security', action: 'createUser', _id: username, body: { content: { profileIds: ['default'] }, credentials: { local: { username, password } } } })
  }
}

const portIn = (logs, pattern) => Number(logs.map(({ message }) => pattern.exec(String(message))?.[1]).find(Boolean))

function linesOf(file) {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line))
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
}

/** What a payment service may do, by the amount. */
export const PAYMENTS = ['accepts', 'refuses', 'fails', 'dawdles']

/** A payment service that does as the amount says. */
async function openPayments() {
  const server = createServer((request, reply) => {
    let text = ''
    request.on('data', (chunk) => { text += chunk })
    request.on('end', () => {
      const { order, amount } = JSON.parse(text)
      const deed = PAYMENTS[amount % PAYMENTS.length]
      const say = (status, body) => reply.writeHead(status, { 'content-type': 'application/json', 'connection': 'close' }).end(JSON.stringify(body))
      if (deed === 'refuses') say(402, { reason: 'no money' })
      else if (deed === 'fails') say(500, { trouble: true })
      else if (deed === 'dawdles') setTimeout(() => say(200, { id: `paid-${order}` }), 50)
      else say(200, { id: `paid-${order}` })
    })
  })
  await new Promise((done) => { server.listen(0, '127.0.0.1', done) })
  return { url: `http://127.0.0.1:${server.address().port}/charges`, close: () => { server.closeAllConnections(); server.close() } }
}

import { afterEach, expect, test } from '@jest/globals'
import { connect } from 'node:net'
import { openSocket } from '../../support/start-doors.js'
import { startSecuredHost, type SecuredHost } from '../../support/start-secured-host.js'

/** A list of stolen passwords is tried over many connections, of both kinds, one attempt on each. */
let host: SecuredHost
afterEach(() => host.close())

const LEAKED = Array.from({ length: 12 }, (_, number) => ({ username: `user-${number}`, password: `leaked-${number}` }))

async function start(local: Record<string, unknown>): Promise<number> {
  host = await startSecuredHost({ local: { maxFailures: 100, ...local } })
  await host.found()
  return (await host.listen()).port
}

/** Logs in on a connection made for it, which nothing else uses. */
async function byHttp(port: number, credentials: object): Promise<number> {
  const body = JSON.stringify(credentials)
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('latin1').on('data', (text: string) => { answer += text })
  socket.write(`POST /_login/local HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  await new Promise((resolve) => { socket.once('close', resolve) })
  return Number(answer.split(' ')[1])
}

async function bySocket(port: number, credentials: object): Promise<number> {
  const client = await openSocket(port)
  const { status } = await client.ask({ controller: 'auth', action: 'login', strategy: 'local', body: credentials, requestId: 'login' })
  client.socket.close()
  return status
}

async function stuff(port: number): Promise<number[]> {
  const answers: number[] = []
  for (const [number, credentials] of LEAKED.entries()) answers.push(await (number % 2 === 0 ? byHttp : bySocket)(port, credentials))
  return answers
}

test('attempts are counted by address, whatever connection and protocol they come over', async () => {
  const port = await start({ maxFailuresPerAddress: 5 })
  expect(await stuff(port)).toEqual([...Array<number>(5).fill(401), ...Array<number>(7).fill(429)])
})

test('a password that was among them does not help any more, on a fresh connection neither', async () => {
  const port = await start({ maxFailuresPerAddress: 5 })
  await stuff(port)
  const boss = { username: 'boss', password: 'secret-1' }
  expect([await byHttp(port, boss), await bySocket(port, boss)]).toEqual([429, 429])
})

test('attempts on one username are counted across connections and protocols as well', async () => {
  const port = await start({ maxFailures: 3, maxFailuresPerAddress: 100 })
  const answers: number[] = []
  for (let number = 0; number < 6; number++) answers.push(await (number % 2 === 0 ? byHttp : bySocket)(port, { username: 'boss', password: `guess-${number}` }))
  expect(answers).toEqual([401, 401, 401, 429, 429, 429])
})

test('attempts at the same time are counted one by one', async () => {
  const port = await start({ maxFailuresPerAddress: 4 })
  const answers = await Promise.all(LEAKED.map((credentials, number) => (number % 2 === 0 ? byHttp : bySocket)(port, credentials)))
  expect(answers.filter((status) => status === 401)).toHaveLength(4)
  expect(answers.filter((status) => status === 429)).toHaveLength(8)
})

test('who is logged in already goes on meanwhile', async () => {
  const port = await start({ maxFailuresPerAddress: 2 })
  const jwt = await host.logIn('boss', 'secret-1')
  await stuff(port)
  const answer = await fetch(`http://127.0.0.1:${port}/users/_me`, { headers: { authorization: `Bearer ${jwt}` } })
  expect((await answer.json() as { result: { _id: string } }).result._id).toBe('boss')
})

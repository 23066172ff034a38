import { compiledPackage, workingOn, type PluginFacts, type Template } from './template.js'

/** A door for clients of another protocol: JSON over TCP, a line a message. */
export const protocolTemplate: Template = {
  description: 'a protocol of its own: requests and notifications as lines of JSON over TCP',
  files: (facts) => ({
    'package.json': compiledPackage(facts, 'Lets clients in that speak lines of JSON over TCP'),
    'README.md': readme(facts),
    'src/index.ts': plugin(facts),
    'src/settings.ts': settings(facts),
    'src/read-lines.ts': readLines(),
    [`test/${facts.name}.spec.ts`]: spec(facts),
  }),
}

const plugin = ({ name, type, host }: PluginFacts): string => `import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import {
  Channels, Config, createId, Logger, Plugin, Protocol, Request,
  type ChannelMessage, type ClientConnection, type DirectMessage, type EntryPoint, type ProtocolMethods, type RequestData,
} from '@mortise/sdk'
import { readLines } from './read-lines.js'
import { settings, type Settings } from './settings.js'

/** Requests come as lines of JSON over TCP; answers and notifications go the same way. */
@Protocol('${name}')
@Plugin({ name: '${name}', host: '${host}', config: settings })
export default class ${type} implements ProtocolMethods {
  readonly #sockets = new Map<string, Socket>()
  readonly #listeners = new Channels<string>()
  #entryPoint!: EntryPoint
  #server: Server | undefined

  constructor(private readonly config: Config<Settings>, private readonly logger: Logger) {}

  /** Lets clients in from now on. */
  async start(entryPoint: EntryPoint): Promise<void> {
    this.#entryPoint = entryPoint
    const server = createServer((socket) => this.#welcome(socket))
    const { port, host } = this.config.values
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
    this.#server = server
    this.logger.info(\`Lines of JSON are read on port \${(server.address() as AddressInfo).port}.\`)
  }

  #welcome(socket: Socket): void {
    const connection: ClientConnection = { id: createId(), protocol: '${name}', ips: [socket.remoteAddress ?? ''], headers: {} }
    this.#entryPoint.newConnection(connection)
    this.#sockets.set(connection.id, socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#forget(connection.id))
    readLines(socket, this.#entryPoint.config.maxRequestSize, (line) => void this.#answer(connection, line))
  }

  async #answer(connection: ClientConnection, line: string): Promise<void> {
    try {
      const request = new Request(this.#entryPoint.parseJson(line) as RequestData, { connection })
      const { content, requestId } = await this.#entryPoint.execute(connection, request)
      this.#send(connection.id, { ...content as object, room: requestId })
    } catch (error) {
      this.#send(connection.id, { status: 400, error: { message: (error as Error).message } })
    }
  }

  #forget(id: string): void {
    this.#sockets.delete(id)
    this.#listeners.leaveAll(id)
    this.#entryPoint.removeConnection(id)
  }

${wayOut()}`

/** The second half of the class: what goes to clients. */
const wayOut = (): string => `  joinChannel(channel: string, connectionId: string): void { this.#listeners.join(channel, connectionId) }

  leaveChannel(channel: string, connectionId: string): void { this.#listeners.leave(channel, connectionId) }

  /** A notification for everybody who is on one of the channels. */
  broadcast({ channels, payload }: ChannelMessage): void {
    for (const channel of channels) {
      for (const id of this.#listeners.membersOf(channel) ?? []) this.#send(id, { ...payload, room: channel })
    }
  }

  /** A notification for one client. */
  notify({ connectionId, channels, payload }: DirectMessage): void {
    for (const channel of channels) this.#send(connectionId, { ...payload, room: channel })
  }

  disconnect(connectionId: string): void { this.#sockets.get(connectionId)?.end() }

  /** Lets nobody in any more and sends everybody away. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => (this.#server ? this.#server.close(() => resolve()) : resolve()))
    for (const socket of this.#sockets.values()) socket.destroy()
    await closed
  }

  #send(id: string, message: object): void {
    this.#sockets.get(id)?.write(\`\${JSON.stringify(message)}\\n\`)
  }
}
`

const settings = ({ name }: PluginFacts): string => `import { z } from 'zod'

/** The section \`plugins.${name}\` of the configuration. */
export const settings = z.object({
  /** 0 takes a free one. */
  port: z.number().int().min(0).max(65535).default(7514),
  host: z.string().default('127.0.0.1'),
})

export type Settings = z.output<typeof settings>
`

const readLines = (): string => `import type { Socket } from 'node:net'

/** Calls \`take\` with each line that comes, and cuts off who sends a longer one than \`limit\` characters. */
export function readLines(socket: Socket, limit: number, take: (line: string) => void): void {
  let rest = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\\n')
    rest = lines.pop() ?? ''
    if (rest.length > limit) return void socket.destroy()
    lines.filter((line) => line.trim() !== '').forEach(take)
  })
}
`

const spec = ({ name, type }: PluginFacts): string => `import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createTestHost, type TestHost } from '@mortise/sdk/testing'
import ${type} from '../src/index.js'

interface Message { [key: string]: unknown }

let host: TestHost
let socket: Socket
let lines: AsyncIterator<string>

beforeEach(async () => {
  host = await createTestHost({ plugins: [${type}], config: { '${name}': { port: 0 } } })
  const said = host.logs.map(({ message }) => /port (\\d+)/.exec(String(message))?.[1]).find(Boolean)
  socket = connect(Number(said), '127.0.0.1')
  lines = createInterface(socket)[Symbol.asyncIterator]()
  await once(socket, 'connect')
})
afterEach(async () => {
  socket.destroy()
  await host.close()
})

const say = (text: string): boolean => socket.write(\`\${text}\\n\`)
const hear = async (): Promise<Message> => JSON.parse((await lines.next()).value as string) as Message

test('answers a request', async () => {
  say('{ "controller": "server", "action": "now", "requestId": "r1" }')
  expect(await hear()).toMatchObject({ status: 200, requestId: 'r1', room: 'r1', result: { now: expect.any(Number) } })
})

test('tells of documents to who subscribed', async () => {
  await host.createCollection('desk', 'notes')
  say('{ "controller": "realtime", "action": "subscribe", "index": "desk", "collection": "notes", "body": {} }')
  const { result } = await hear() as { result: { channel: string } }
  await host.document.create('desk', 'notes', { title: 'milk' })
  expect(await hear()).toMatchObject({ type: 'document', action: 'create', room: result.channel, result: { _source: { title: 'milk' } } })
})

test('refuses what is no JSON, and goes on', async () => {
  say('{ "controller"')
  expect(await hear()).toMatchObject({ status: 400 })
  say('{ "controller": "server", "action": "now" }')
  expect(await hear()).toMatchObject({ status: 200 })
})
`

const readme = ({ name }: PluginFacts): string => `# ${name}

A door for clients that send requests as lines of JSON over TCP. Rights, pipes and answers are those of every other door.

\`\`\`
$ nc localhost 7514
{ "controller": "server", "action": "now" }
\`\`\`

| setting | default | |
|---|---|---|
| \`port\` | \`7514\` | TCP port; 0 takes a free one |
| \`host\` | \`"127.0.0.1"\` | address to listen on |

${workingOn(name)}`

import { once } from 'node:events'
import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { ApiError, BadRequestError, InternalError, Request, type RequestData } from '@mortise/sdk'
import type { Manner, Pipeline } from '@app/pipeline'
import { parseJson } from '../parse-json.js'
import { streamOf } from '../http/stream-result.js'
import { writeAnswer, writeChunk } from './control.format.js'

/** Whoever may open the socket may read the store's file as well: nobody is asked who they are, and rights are not looked up. */
const AS_OWNER: Manner = { events: true, rights: false, limits: false }

/** Only the person whose process this is may read and write. */
const OWNER_ONLY = 0o600
const UMASK = 0o177

/** The longest path of a socket that every system takes, in bytes. */
const LONGEST_PATH = 103

/**
 * The door for commands on the same machine: a socket in the file system that
 * only the user whose process this is may open, so neither other users nor web
 * pages come in. Takes one request as JSON a line, and answers each with a
 * line; of a result that is a stream, each chunk comes in a line of its own first.
 */
export class ControlDoor {
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined

  /** @param path - Of the socket; the folder is made if need be. */
  constructor(private readonly path: string, private readonly pipeline: Pipeline) {}

  /**
   * Opens the socket; one that a host left behind is taken over.
   *
   * @throws Error saying why it cannot be opened, such as another host that answers there.
   */
  async open(): Promise<void> {
    const { path } = this
    if (Buffer.byteLength(path) > LONGEST_PATH) throw new Error(`its path "${path}" is longer than ${LONGEST_PATH} bytes`)
    mkdirSync(dirname(path), { recursive: true })
    if (await isAnswered(path)) throw new Error(`another host answers at "${path}"`)
    rmSync(path, { force: true })
    const server = createServer((socket) => this.#serve(socket))
    await listen(server, path)
    chmodSync(path, OWNER_ONLY)
    this.#server = server
  }

  /** Cuts off who is connected, and takes the socket away. */
  async close(): Promise<void> {
    const server = this.#server
    if (!server) return
    this.#server = undefined
    const closed = new Promise((resolve) => { server.close(resolve) })
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    const lines = createInterface({ input: socket, crlfDelay: Infinity })
    // Who goes before the answer has come misses it.
    for (const end of [socket, lines]) end.on('error', () => socket.destroy())
    lines.on('line', (line) => void this.#answer(line, socket))
  }

  async #answer(line: string, socket: Socket): Promise<void> {
    const request = new Request({}, { connection: { protocol: 'control' } })
    const answer = await this.#run(line).catch((thrown: Error) => fail(request, thrown))
    await send(answer, socket).catch((thrown: Error) => fail(answer, thrown))
    socket.write(writeAnswer(answer))
  }

  async #run(line: string): Promise<Request> {
    const data = parseJson(line) as RequestData | null
    if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new BadRequestError('A line must be a JSON object.')
    return this.pipeline.run(new Request(data, { connection: { protocol: 'control' } }), AS_OWNER)
  }
}

function fail(request: Request, thrown: Error): Request {
  request.setError(ApiError.is(thrown) ? thrown : new InternalError(thrown))
  return request
}

/** Sends what the result gives as long as somebody reads it. */
async function send({ result }: Request, socket: Socket): Promise<void> {
  const readable = streamOf(result)?.readable
  if (!readable) return
  socket.once('close', () => readable.destroy())
  for await (const chunk of readable) {
    if (!socket.write(writeChunk(chunk))) await Promise.race([once(socket, 'drain'), once(socket, 'close')])
  }
}

/** Whether somebody listens there; what a host left that was killed does not answer. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path)
    probe.on('connect', () => resolve(true)).on('error', () => resolve(false))
    probe.on('connect', () => probe.destroy())
  })
}

/** The socket is bound while nobody else's permissions are granted, so that there is no moment in which others may open it. */
async function listen(server: Server, path: string): Promise<void> {
  const opened = new Promise<void>((resolve, reject) => { server.once('listening', resolve).once('error', reject) })
  const before = process.umask(UMASK)
  try {
    server.listen(path)
  } finally {
    process.umask(before)
  }
  await opened
}

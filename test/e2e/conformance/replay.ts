import { once } from 'node:events'
import { WebSocket } from 'ws'
import { asker, type WireAnswer } from '../../support/start-host.js'

/** One HTTP request and its answer, as recorded. */
export interface HttpExchange {
  readonly name: string
  readonly request: { method: string; url: string; headers?: Record<string, string>; body?: unknown; rawBody?: string; as?: string }
  readonly response: { status: number; headers?: Record<string, string>; body?: unknown; text?: string }
}

type Frame = readonly [direction: 'sent' | 'received', socket: string, content: unknown]

/** Frames of one or two sockets, in the order recorded. */
export interface SocketExchange {
  readonly name: string
  readonly frames: readonly Frame[]
}

/** Where the recorded host listened. */
export const RECORDED_URL = 'http://127.0.0.1:7512'

/** Sends recorded requests, with tokens and cursors that are good today in place of the recorded ones. */
export class Replay {
  readonly #tokens = new Map<string, string>()
  readonly #ask: ReturnType<typeof asker>
  #scrollId = 'none'

  constructor(private readonly url: string) {
    this.#ask = asker(url)
  }

  async send({ request: { method, url, headers = {}, body, rawBody, as } }: HttpExchange): Promise<WireAnswer> {
    const token = as === undefined ? undefined : this.#tokens.get(as)
    const answer = await this.#ask(method, this.fill(url), {
      headers: { ...this.fill(headers), ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: rawBody === undefined ? this.fill(body) : unfold(rawBody),
    })
    this.learn(answer.body)
    return answer
  }

  /** Puts today's address, cursor and administrator's token where the recorder left its own. */
  fill<T>(recorded: T): T {
    if (recorded === undefined) return recorded
    const token = this.#tokens.get('boss') ?? 'none'
    const text = JSON.stringify(recorded).replaceAll('kauth-<jwt>', token).replaceAll('<scrollId>', this.#scrollId).replaceAll(RECORDED_URL, this.url)
    return JSON.parse(text) as T
  }

  /** Keeps what later requests need. */
  learn(answer: unknown): void {
    const { result } = (answer ?? {}) as { result?: { _id?: string; jwt?: string; scrollId?: string; _source?: { token?: string; userId?: string } } | null }
    if (result?.jwt && result._id) this.#tokens.set(result._id, result.jwt)
    if (result?._source?.token) this.#tokens.set(`${result._source.userId} (API key)`, result._source.token)
    this.#scrollId = result?.scrollId ?? this.#scrollId
  }
}

/** `<1100008 bytes>` → a JSON object of that length. */
function unfold(rawBody: string): string {
  const [, bytes] = /^<(\d+) bytes>$/.exec(rawBody) ?? []
  return bytes ? JSON.stringify({ a: 'x'.repeat(Number(bytes) - '{"a":""}'.length) }) : rawBody
}

/** How long a frame that was recorded is waited for, in milliseconds, before it counts as missing. */
const PATIENCE = 500

/** The sockets of an exchange, opened when first written to; room ids of today are given back as those recorded. */
export class Sockets {
  readonly #sockets = new Map<string, Promise<{ socket: WebSocket; frames: unknown[] }>>()
  readonly #rooms = new Map<string, string>()

  constructor(private readonly url: string, private readonly replay: Replay) {}

  /** Writes what was sent, and yields what came back: frames by socket, each list sorted by what it is about. */
  async exchange({ frames }: SocketExchange): Promise<{ recorded: Frame[]; real: Frame[] }> {
    for (const [, name, content] of frames.filter(([direction]) => direction === 'sent')) {
      const { socket } = await this.#open(name)
      const frame = this.replay.fill(this.#renamed(content, 'today'))
      socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
    }
    const recorded = sorted(frames.filter(([direction]) => direction === 'received'))
    await this.#until(recorded)
    return { recorded, real: sorted(await this.#take(recorded)) }
  }

  async close(): Promise<void> {
    for (const { socket } of await Promise.all(this.#sockets.values())) {
      socket.close()
      await once(socket, 'close')
    }
  }

  #open(name: string): Promise<{ socket: WebSocket; frames: unknown[] }> {
    const known = this.#sockets.get(name)
    if (known) return known
    const opening = (async () => {
      const socket = new WebSocket(this.url)
      const frames: unknown[] = []
      socket.on('message', (data) => frames.push(parse((data as Buffer).toString())))
      await once(socket, 'open')
      return { socket, frames }
    })()
    this.#sockets.set(name, opening)
    return opening
  }

  /** Waits until each socket has as many frames as were recorded. */
  async #until(recorded: readonly Frame[]): Promise<void> {
    const deadline = Date.now() + PATIENCE
    for (const name of new Set(recorded.map(([, socket]) => socket))) {
      const { frames } = await this.#open(name)
      const count = recorded.filter(([, socket]) => socket === name).length
      while (frames.length < count && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }

  async #take(recorded: readonly Frame[]): Promise<Frame[]> {
    const taken: Frame[] = []
    for (const [name, opening] of this.#sockets) {
      const { frames } = await opening
      for (const frame of frames.splice(0)) {
        this.#learnRoom(recorded, frame)
        taken.push(['received', name, this.#renamed(frame, 'recorded')])
      }
    }
    return taken
  }

  /** A room's id is the host's own affair: what counts is that the same one is meant. */
  #learnRoom(recorded: readonly Frame[], frame: unknown): void {
    const { requestId, result } = frame as Subscribed
    const match = recorded.map(([, , content]) => content as Subscribed).find((content) => content.requestId === requestId && content.result?.channel)
    this.replay.learn(frame)
    if (match?.result?.roomId && result?.roomId) this.#rooms.set(match.result.roomId, result.roomId)
  }

  #renamed<T>(frame: T, to: 'today' | 'recorded'): T {
    let text = JSON.stringify(frame)
    for (const [recorded, today] of this.#rooms) text = to === 'today' ? text.replaceAll(recorded, today) : text.replaceAll(today, recorded)
    return JSON.parse(text) as T
  }
}

interface Subscribed { requestId?: string; result?: { roomId?: string; channel?: string } | null }

/** Frames of one socket may overtake those of another: by socket, then by room. */
function sorted(frames: readonly Frame[]): Frame[] {
  const key = ([, socket, content]: Frame): string => `${socket} ${(content as { room?: string } | null)?.room ?? ''}`
  return [...frames].sort((one, other) => key(one).localeCompare(key(other)))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

import { Readable } from 'node:stream'
import { Controller, createError, Get, Hook, Post, type Request } from '@mortise/sdk'
import { reportCalls, Supervisor, type PluginCalls, type Quarantine } from '@app/supervision'

/** Calls that wait for a slow reader of a tap; older ones make room for newer. */
const MOST_UNREAD = 1_000

/** The number of the host's state in which it takes leave of its clients. */
const SHUTTING_DOWN = 3

/** How calls into plugins go: what they took, what is held against a plugin, and every call as it happens. */
@Controller('plugins', { global: true })
export class CallsController {
  readonly #taps = new Set<Readable>()

  constructor(private readonly supervisor: Supervisor) {}

  /** Counts, durations and breakers of every plugin that was called. */
  @Get('/_plugins/_calls')
  calls(): { hits: readonly PluginCalls[]; total: number } {
    const hits = reportCalls(this.supervisor)
    return { hits, total: hits.length }
  }

  /** Lets a plugin out of quarantine; answers with what held it. */
  @Post('/_plugins/:name/_resume')
  resume(request: Request): Quarantine {
    const name = request.getString('name')
    const held = this.supervisor.resume(name)
    if (held) return held
    const others = [...this.supervisor.quarantined.keys()].map((other) => `"${other}"`).join(', ')
    throw createError('plugin.assert.plugin_not_found', name).with({ hint: others ? `In quarantine: ${others}.` : 'No plugin is in quarantine.' })
  }

  /** Streams calls as they happen, each a line of JSON, until the reader goes away. */
  @Get('/_plugins/_tap')
  tap(request: Request): Readable {
    const { protocol } = request.context.connection
    if (protocol !== 'http' && protocol !== 'control') throw createError('api.assert.unsupported_protocol', protocol ?? 'none', 'plugins:tap')
    request.response.configure({ format: 'raw', headers: { 'Content-Type': 'application/x-ndjson' } })
    return this.#stream(request.getString('event', '*:*'))
  }

  /** A tap has no end of its own, and would keep the host from ending what it has begun. */
  @Hook('kuzzle:state:change')
  end(state: number): void {
    if (state === SHUTTING_DOWN) for (const tap of this.#taps) tap.push(null)
  }

  #stream(pattern: string): Readable {
    // An empty line first: whoever reads it knows that the tap is open.
    const unread = ['\n']
    let isWanted = false
    const push = (): void => {
      while (isWanted && unread.length > 0) isWanted = stream.push(unread.shift())
    }
    const stop = this.supervisor.tap.watch(pattern, (call) => {
      if (unread.push(`${JSON.stringify(call)}\n`) > MOST_UNREAD) unread.shift()
      push()
    })
    const stream = new Readable({
      read: () => {
        isWanted = true
        push()
      },
      destroy: (error, done) => {
        stop()
        this.#taps.delete(stream)
        done(error)
      },
    })
    this.#taps.add(stream)
    return stream
  }
}

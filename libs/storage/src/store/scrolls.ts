import { randomUUID } from 'node:crypto'
import { createError } from '@mortise/sdk'
import { readScrollDuration } from './duration.js'

interface Entry<State> { state: State; expiresAt: number }

const MOST_OPEN = 500

/**
 * Searches whose next page somebody may still ask for. Each is kept for as long as its last request asked, and at most 500 at a time:
 * the one that would expire first makes room. An id is good for one page; the page brings the next id.
 */
export class Scrolls<State> {
  private readonly entries = new Map<string, Entry<State>>()

  open(state: State, duration: string): string {
    const expiresAt = Date.now() + readScrollDuration(duration)
    this.sweep()
    const id = randomUUID()
    this.entries.set(id, { state, expiresAt })
    return id
  }

  /** @throws `services.storage.unknown_scroll_id` */
  find(id: string): State {
    const entry = this.entries.get(id)
    if (!entry || entry.expiresAt < Date.now()) throw createError('services.storage.unknown_scroll_id')
    return entry.state
  }

  clear(): void {
    this.entries.clear()
  }

  private sweep(): void {
    const now = Date.now()
    for (const [id, { expiresAt }] of this.entries) if (expiresAt < now) this.entries.delete(id)
    if (this.entries.size < MOST_OPEN) return
    const [soonest] = [...this.entries].sort(([, one], [, other]) => one.expiresAt - other.expiresAt)
    this.entries.delete(soonest![0])
  }
}

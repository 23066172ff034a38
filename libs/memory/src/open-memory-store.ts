import { EmbeddedMemoryStore } from './embedded/embedded-memory-store.js'
import type { MemoryStore } from './memory-store.js'
import { RedisMemoryStore } from './redis/redis-memory-store.js'

/** The Redis server at an address such as `redis://127.0.0.1:6379/3`, or one in this process that is empty at each start. */
export function openMemoryStore(url?: string, now?: () => number): MemoryStore {
  return url === undefined ? new EmbeddedMemoryStore(now) : new RedisMemoryStore(url)
}

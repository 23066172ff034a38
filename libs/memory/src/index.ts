export { MemoryStore } from './memory-store.js'
export type { Command, Outcome, Reply } from './memory-store.js'
export { openMemoryStore } from './open-memory-store.js'

/** Where a plugin may run: in the host's own thread, in a thread or in a process of its own. */
export const isolations = ['inline', 'thread', 'process'] as const

/** Where a plugin runs. */
export type Isolation = (typeof isolations)[number]

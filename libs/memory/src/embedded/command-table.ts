import type { Reply } from '../memory-store.js'
import type { Keyspace } from './keyspace.js'

/** Commands by name, in lower case. They run whole: nothing else happens in between. */
export type CommandTable = Readonly<Record<string, (space: Keyspace, ...given: string[]) => Reply>>

export const OK = 'OK'

/** A number as yes and no are told. */
export const flag = (value: boolean): number => (value ? 1 : 0)

/** An answer as the Redis protocol has it; `hgetall` gives an object. */
export type Reply = null | number | string | Reply[] | { [field: string]: string }

/** A command and its arguments, in Redis' order: `['SET', 'key', 'value', 'EX', '10']`. */
export type Command = readonly [name: string, ...given: string[]]

/** What one command of a transaction came to: its fault, or its answer. */
export type Outcome = readonly [fault: string | null, reply: Reply]

/** Milliseconds that a store has to say that it is well. */
const PATIENCE = 2_000

/** A key-value store that speaks Redis' commands, whatever keeps the values. */
export abstract class MemoryStore {
  /** @throws `services.cache.not_connected` when it cannot be reached */
  abstract start(): Promise<void>

  /** @throws `services.cache.read_failed` with the store's own words for a command that it refuses; `services.cache.not_connected` */
  abstract run(command: Command): Promise<Reply>

  /** Runs commands with none of anybody else's in between. One that is refused does not keep the others. */
  abstract runAll(commands: readonly Command[]): Promise<Outcome[]>

  /** Whether it answers, in two seconds at most. */
  async isWell(): Promise<boolean> {
    let deadline: NodeJS.Timeout | undefined
    const asked = this.run(['ping']).then(() => true, () => false)
    const late = new Promise<boolean>((answer) => { deadline = setTimeout(answer, PATIENCE, false) })
    return Promise.race([asked, late]).finally(() => clearTimeout(deadline))
  }

  abstract close(): Promise<void>
}

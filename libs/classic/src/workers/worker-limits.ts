/** What the classic host kept worker processes to. Source: the contract's section on worker plugins. */
const MEMORY = '1G'
const KILL_TIMEOUT = 6_000

const MEGABYTES: Readonly<Record<string, number>> = { K: 1 / 1024, M: 1, G: 1024 }

/** Megabytes of heap and milliseconds to close in, of `maxMemoryRestart` and `killTimeout` in a plugin's configuration. */
export function workerLimits({ maxMemoryRestart, killTimeout }: Readonly<Record<string, unknown>>): { memory: number; close: number } {
  return {
    memory: megabytesOf(maxMemoryRestart) ?? megabytesOf(MEMORY) as number,
    close: typeof killTimeout === 'number' && killTimeout >= 0 ? killTimeout : KILL_TIMEOUT,
  }
}

/** Bytes as a number, or with a letter: `200M`, `1G`. */
function megabytesOf(given: unknown): number | undefined {
  const [, digits, unit = ''] = /^(\d+)([KMG]?)$/i.exec(String(given)) ?? []
  if (!digits) return undefined
  return Math.max(1, Math.floor(Number(digits) * (MEGABYTES[unit.toUpperCase()] ?? 1 / 1024 ** 2)))
}

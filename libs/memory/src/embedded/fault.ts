/** What a command is refused with; the first word tells the kind, as in the Redis protocol. */
export class CommandFault extends Error {}

export const wrongKind = (): CommandFault => new CommandFault('WRONGTYPE the key holds a value of another kind')
export const syntax = (): CommandFault => new CommandFault('ERR arguments that do not fit the command')

/** Redis counts in 64 bits. */
const [LEAST, MOST] = [-(2n ** 63n), 2n ** 63n - 1n]
const DIGITS = 20

/** @throws when the text is no whole number of 64 bits, in the one way that Redis writes it: without `+`, blanks and zeros in front */
export function whole(text: string | undefined): bigint {
  if (text !== undefined && text.length <= DIGITS && /^(?:0|-?[1-9]\d*)$/.test(text)) {
    const number = BigInt(text)
    if (number >= LEAST && number <= MOST) return number
  }
  throw new CommandFault('ERR no whole number, or out of range')
}

/** The same, as near as JavaScript's numbers come: for places, counts and times. */
export const integer = (text: string | undefined): number => Number(whole(text))

/** @throws when the sum is none of 64 bits */
export function sumOf(text: string | null, amount: bigint): bigint {
  const sum = whole(text ?? '0') + amount
  if (sum < LEAST || sum > MOST) throw new CommandFault('ERR the sum is out of range')
  return sum
}

/** @throws when the text is no number; `inf` and `-inf` are some */
export function float(text: string | undefined): number {
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text ?? '')
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity
  const number = Number(text)
  if (text === undefined || text === '' || /^\s|\s$/.test(text) || Number.isNaN(number)) throw new CommandFault('ERR no number')
  return number
}

/** Decimals that sums are kept to, as in Redis. */
const DECIMALS = 17

/**
 * The sum of two texts that are numbers, written without an exponent: exact
 * where both have their decimals (0.1 and 0.2 make 0.3), as Redis' long
 * doubles nearly are.
 *
 * @throws when one is no number, or the sum has no end
 */
export function decimalSum(text: string | null, amount: string | undefined): string {
  const [first, second] = [text ?? '0', amount ?? '']
  const sum = float(first) + float(second)
  if (!Number.isFinite(sum)) throw new CommandFault('ERR the sum would be no number, or have no end')
  const [one, other] = [scaled(first), scaled(second)]
  if (one === undefined || other === undefined) return String(sum)
  const total = one + other
  const digits = String(total < 0n ? -total : total).padStart(DECIMALS + 1, '0')
  const [front, rest] = [digits.slice(0, -DECIMALS), digits.slice(-DECIMALS).replace(/0+$/, '')]
  return `${total < 0n ? '-' : ''}${front}${rest && `.${rest}`}`
}

/** A decimal as a whole number of its smallest parts; `undefined` where it is written in another way, or finer. */
function scaled(text: string): bigint | undefined {
  const [, sign, front = '', rest = ''] = /^([+-]?)(\d{0,30})(?:\.(\d{0,17}))?$/.exec(text) ?? []
  return sign === undefined ? undefined : BigInt(`${sign === '-' ? '-' : ''}${front}${rest.padEnd(DECIMALS, '0')}`)
}

export function written(number: number): string {
  return Number.isFinite(number) ? String(number) : number > 0 ? 'inf' : '-inf'
}

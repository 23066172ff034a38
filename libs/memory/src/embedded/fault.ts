/** What a command is refused with; the first word tells the kind, as in the Redis protocol. */
export class CommandFault extends Error {}

export const wrongKind = (): CommandFault => new CommandFault('WRONGTYPE the key holds a value of another kind')
export const syntax = (): CommandFault => new CommandFault('ERR arguments that do not fit the command')

/** @throws when the text is no whole number that JavaScript can hold */
export function integer(text: string | undefined): number {
  const number = Number(text)
  if (text === undefined || !/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(number)) throw new CommandFault('ERR no whole number, or out of range')
  return number
}

/** @throws when the text is no number; `inf` and `-inf` are some */
export function float(text: string | undefined): number {
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text ?? '')
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity
  const number = Number(text)
  if (text === undefined || text.trim() === '' || Number.isNaN(number)) throw new CommandFault('ERR no number')
  return number
}

export function written(number: number): string {
  return Number.isFinite(number) ? String(number) : number > 0 ? 'inf' : '-inf'
}

import { createError } from '@mortise/sdk'

const CHOICES = ['all', 'in', 'out', 'none'] as const

/** Which changes a subscriber is told of: those into the filter's reach, those out of it, both or neither. */
export type Choice = (typeof CHOICES)[number]

/** Which direction a change has. */
export type Direction = 'in' | 'out'

/** What a subscriber wants to be told. Subscribers of one room with the same options share a channel. */
export interface ChannelOptions {
  /** Of documents. */
  readonly scope: Choice
  /** Of other subscribers who come and go. */
  readonly users: Choice
  /** Whether changes on other nodes count. */
  readonly propagate: boolean
}

/** The options as a client gave them: each may be absent, or anything. */
export type GivenOptions = { readonly [name in keyof ChannelOptions]?: unknown }

/** Fills in defaults and checks. @throws `core.realtime.invalid_scope` or `core.realtime.invalid_users` (400) */
export function readChannelOptions({ scope = 'all', users = 'none', propagate = true }: GivenOptions = {}): ChannelOptions {
  if (!isChoice(scope)) throw createError('core.realtime.invalid_scope')
  if (!isChoice(users)) throw createError('core.realtime.invalid_users')
  return { scope, users, propagate: propagate !== false }
}

/** Whether somebody who chose so wants to hear of a change of this direction. */
export const includes = (choice: Choice, direction: Direction): boolean => choice === 'all' || choice === direction

const isChoice = (value: unknown): value is Choice => CHOICES.includes(value as Choice)

const USERS: Record<Choice, string> = { all: '1', in: '2', out: '4', none: '3' }
const SCOPES: Record<Choice, string> = { all: '1', in: '2', out: '3', none: '' }

/**
 * The name of the channel that a room's subscribers with these options are on.
 *
 * Source: the protocol's second generation, which gives `out` and `none` of
 * `users` the same digit, so that each is told what the other asked for; here
 * they differ.
 */
export const channelName = (roomId: string, { scope, users, propagate }: ChannelOptions): string =>
  `${roomId}-${USERS[users]}${propagate ? 1 : 2}${SCOPES[scope]}`

import type { ErrorEntry } from './catalogue/subdomain.js'
import { domains } from './catalogue/domains.js'
import type { ApiError } from './api-error.js'
import { errorClasses, MultipleErrorsError, PartialError } from './error-classes.js'
import type { ErrorClassName, ListErrorClassName } from './error-classes.js'

type Domains = typeof domains

/** Flattens the three levels of the catalogue: `{ 'api.assert.missing_argument': entry }`. */
type EntriesById = {
  [Domain in keyof Domains]: {
    [Subdomain in keyof Domains[Domain]['subdomains']]: Domains[Domain]['subdomains'][Subdomain] extends { entries: infer Entries }
      ? (ids: { [Name in keyof Entries as `${Domain}.${Subdomain & string}.${Name & string}`]: Entries[Name] }) => void
      : never
  }[keyof Domains[Domain]['subdomains']]
}[keyof Domains] extends (ids: infer All) => void
  ? All
  : never

/** Every id of the catalogue. */
export type ErrorId = keyof EntriesById

/** What an error is made of: the facts of its message and, for a class that lists errors, the list. */
export type ErrorArguments<Type extends ErrorClassName, Message> = Message extends (...facts: infer Facts) => string
  ? Type extends ListErrorClassName
    ? [...facts: Facts, errors: readonly unknown[]]
    : Facts
  : never

/** What {@link createError} takes after the id. */
export type ErrorFacts<Id extends ErrorId> = ErrorArguments<EntriesById[Id][1], EntriesById[Id][2]>

/** The part of an error that is the same each time it is made. */
export interface ErrorDescription {
  readonly status: number
  readonly class: ErrorClassName
  readonly code: number
}

interface Blueprint extends ErrorDescription {
  readonly id: string
  readonly message: (...facts: never[]) => string
}

const blueprints = new Map<string, Blueprint>(
  Object.entries(domains).flatMap(([domainName, { code: domainCode, subdomains }]) =>
    Object.entries(subdomains).flatMap(([subdomainName, { code: subdomainCode, entries }]) =>
      Object.entries(entries as Record<string, ErrorEntry>).map(([name, [code, type, message]]): [string, Blueprint] => {
        const id = `${domainName}.${subdomainName}.${name}`
        const fullCode = (domainCode << 24) | (subdomainCode << 16) | code
        return [id, { id, code: fullCode, class: type, status: errorClasses[type].status, message }]
      }),
    ),
  ),
)

/** Status, class and code of every error of the host, by id. */
export const errorCatalogue = Object.fromEntries(
  [...blueprints.values()].map(({ id, status, class: type, code }) => [id, { status, class: type, code }]),
) as Readonly<Record<ErrorId, ErrorDescription>>

/** Whether the catalogue has an error of this id. */
export function isErrorId(text: string): text is ErrorId {
  return blueprints.has(text)
}

/**
 * Makes an error of the catalogue. The facts become its `props`; the list of
 * errors of a `PartialError` or `MultipleErrorsError` comes last and is no prop.
 *
 * An id that is not catalogued, which only unchecked code can ask for, gives
 * `core.fatal.unexpected_error`.
 *
 * @example
 * throw createError('services.storage.not_found', 'ghost', 'shop', 'orders')
 */
export function createError<Id extends ErrorId>(id: Id, ...facts: ErrorFacts<Id>): ApiError {
  const blueprint = blueprints.get(id)
  if (!blueprint) return createError('core.fatal.unexpected_error', `No error is catalogued under "${String(id)}".`)
  return buildError(blueprint, facts)
}

/** Like {@link createError}, and keeps what went wrong underneath as `cause`, for the log. */
export function createErrorFrom<Id extends ErrorId>(cause: unknown, id: Id, ...facts: ErrorFacts<Id>): ApiError {
  const error = createError(id, ...facts)
  Object.defineProperty(error, 'cause', { value: cause, writable: true, configurable: true })
  return error
}

/** Makes the error that a blueprint describes, whoever declared it. */
export function buildError(blueprint: Omit<Blueprint, 'status'>, facts: readonly unknown[]): ApiError {
  const { id, code, class: type, message } = blueprint
  const error = isListClass(type) ? buildListError(type, blueprint, facts) : new errorClasses[type](text(message, facts), id, code)
  error.props ??= [...facts]
  return error
}

function buildListError(type: ListErrorClassName, blueprint: Omit<Blueprint, 'status'>, facts: readonly unknown[]): ApiError {
  const props = facts.slice(0, -1)
  const errors = facts.at(-1) as readonly unknown[]
  const error = new errorClasses[type](text(blueprint.message, props), errors, blueprint.id, blueprint.code)
  error.props = props
  return error
}

function isListClass(type: ErrorClassName): type is ListErrorClassName {
  return errorClasses[type] === PartialError || errorClasses[type] === MultipleErrorsError
}

function text(message: Blueprint['message'], facts: readonly unknown[]): string {
  return message(...(facts as never[]))
}

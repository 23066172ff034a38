import type { ErrorClassName } from '../error-classes.js'

/** One error: its number inside the subdomain, its class, and the message made of its facts. */
export type ErrorEntry = readonly [code: number, type: ErrorClassName, message: (...facts: never[]) => string]

/**
 * Declares the errors of a subdomain. The compiler keeps the parameters of
 * each message, so that making the error without one of its facts does not
 * compile; at run time the facts become the error's `props`.
 */
export function subdomain<const Entries extends Record<string, ErrorEntry>>(code: number, entries: Entries) {
  return { code, entries }
}

/** Declares a domain: the first word of an id and the highest byte of a code. */
export function domain<Subdomains extends Record<string, ReturnType<typeof subdomain>>>(code: number, subdomains: Subdomains) {
  return { code, subdomains }
}

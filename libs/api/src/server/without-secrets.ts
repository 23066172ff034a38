import { isObject } from '@app/storage'

const SECRET_NAME = /passw(or)?d|passphrase|secret|token$|api_?key$|private_?key|credential/i
const HIDDEN = '***'

/**
 * A copy of a configuration that may be shown: passwords within URLs, and
 * whatever stands under a name that speaks of a secret, are replaced by `***`.
 * Numbers and booleans stay, since limits and switches carry such names too.
 */
export function withoutSecrets(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((element) => withoutSecrets(element, name))
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutSecrets(member, SECRET_NAME.test(name) ? name : key)]))
  if (typeof value !== 'string' || value === '') return value
  return SECRET_NAME.test(name) ? HIDDEN : value.replace(/(:\/\/[^/?#\s:@]*):[^/?#\s@]*@/g, `$1:${HIDDEN}@`)
}

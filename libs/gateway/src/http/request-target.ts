import { parseFields, type Fields } from './parse-fields.js'

/** What a request line asks for. */
export interface Target {
  /** Begins with `/`; doubled and trailing slashes are gone, percent-encoding is still there. */
  readonly path: string
  readonly query: Fields | undefined
}

const SLASH = 47

/** Takes a URL of a request line apart; `http://host/path` and `*` (of OPTIONS) are understood as well. */
export function readTarget(url: string): Target {
  const local = url.charCodeAt(0) === SLASH ? url : withoutOrigin(url)
  const mark = local.indexOf('?')
  if (mark < 0) return { path: tidy(local), query: undefined }
  return { path: tidy(local.slice(0, mark)), query: parseFields(local.slice(mark + 1)) }
}

const withoutOrigin = (url: string): string => url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?]*/i, '')

function tidy(path: string): string {
  const isTidy = path.charCodeAt(0) === SLASH && !path.includes('//') && (path.length === 1 || path.charCodeAt(path.length - 1) !== SLASH)
  return isTidy ? path : `/${path.split('/').filter(Boolean).join('/')}`
}

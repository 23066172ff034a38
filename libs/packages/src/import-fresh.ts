import { createRequire, register } from 'node:module'
import { sep } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Runs where Node resolves imports: what a fresh module imports from its own
 * folder is as fresh as it is. Packages stay shared.
 */
const HOOK = `
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context)
  const query = /\\?fresh=\\d+&in=([^&]+)$/.exec(context.parentURL ?? '')
  if (!query || found.url.includes('?')) return found
  const folder = decodeURIComponent(query[1]) + '/'
  const isOwn = found.url.startsWith(folder) && !found.url.slice(folder.length).includes('node_modules/')
  return isOwn ? { ...found, url: found.url + query[0] } : found
}`

const { cache } = createRequire(import.meta.url)
let count = 0

/**
 * Imports a file of a package once more, with all that it imports from its
 * folder. Nothing can take the copies before out of memory: for development.
 */
export async function importFresh(file: string, folder: string): Promise<unknown> {
  if (count === 0) register(`data:text/javascript,${encodeURIComponent(HOOK)}`)
  for (const path of Object.keys(cache)) {
    if (path.startsWith(folder + sep) && !path.slice(folder.length).includes(`${sep}node_modules${sep}`)) delete cache[path]
  }
  count += 1
  return import(`${pathToFileURL(file).href}?fresh=${count}&in=${encodeURIComponent(pathToFileURL(folder).href)}`)
}

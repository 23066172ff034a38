import { Misuse } from '../refusal.js'

/** Lower-case words joined by dashes: what every part of the host takes as a name. */
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

/** Names that mean something else in the configuration, in URLs or on disk. */
const RESERVED = ['built-in', 'common', 'directory', 'host', 'node-modules']

const LONGEST = 64

/** @throws {@link Misuse} saying what is wrong with a name, and what it could be instead. */
export function checkPluginName(name: string): void {
  if (name.length > LONGEST) throw new Misuse(`A plugin's name has at most ${LONGEST} characters, and this one has ${name.length}.`)
  if (!NAME.test(name)) {
    const nearest = kebabCase(name)
    const hint = NAME.test(nearest) ? ` Did you mean "${nearest}"?` : ''
    throw new Misuse(`"${name}" is no name for a plugin: write lower-case words of letters and digits joined by dashes, a letter first.${hint}`)
  }
  if (RESERVED.includes(name)) throw new Misuse(`"${name}" is no name for a plugin: it means something else in the configuration. Choose another.`)
}

const kebabCase = (text: string): string =>
  text.replace(/([a-z\d])([A-Z])/g, '$1-$2').toLowerCase().replace(/^@[^/]*\//, '').replace(/[^a-z\d]+/g, '-').replace(/^[-\d]+|-+$/g, '')

/** `geo-fence` → `GeoFencePlugin`. */
export const classOf = (name: string): string =>
  `${name.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}Plugin`

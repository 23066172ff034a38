import { kebabCase } from '../kebab-case.js'

const upFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Ways to write names: `kuzzle`'s `Inflector`. */
export const Inflector = {
  upFirst,
  kebabCase,
  /** `assets-group` as `AssetsGroup`. */
  pascalCase: (text: string): string => text.split(/[\s_-]+/).map(upFirst).join(''),
}

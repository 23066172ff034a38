import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createProject } from './start-host.js'

/** What a plugin of such a project does. */
export interface HotPluginOptions {
  /** What it says in answers. */
  readonly word: string
  /** Code that runs when it is imported. */
  readonly onImport?: string
  /** Code of its `onModuleInit`. */
  readonly onInit?: string
  /** Code of its `onHealthCheck`; it has none when absent. */
  readonly onHealthCheck?: string
  /** Further code that decorates the class `Stamp`. */
  readonly more?: string
  /** Names of classes of that code that the plugin has as providers. */
  readonly providers?: readonly string[]
}

/**
 * A project whose plugins can be rewritten while the host runs. Each one's
 * word comes from a second file, is said by a route, and stands in the answer
 * of `server:now`, where a pipe puts it that takes a turn of the event loop.
 */
export function createHotProject() {
  const root = createProject()
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'))
  mkdirSync(join(root, 'plugins/available'))
  const write = (name: string, options: HotPluginOptions): void => {
    const folder = join(root, 'plugins/available', name)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version: '1.0.0', type: 'module', main: 'index.js' }))
    writeFileSync(join(folder, 'word.js'), `export const word = ${JSON.stringify(options.word)}\n`)
    writeFileSync(join(folder, 'index.js'), sourceOf(name, options))
  }
  const link = (name: string): void => symlinkSync(join('../available', name), join(root, 'plugins/enabled', name))
  return { root, write, link, remove: () => rmSync(root, { recursive: true, force: true }) }
}

export type HotProject = ReturnType<typeof createHotProject>

const sourceOf = (name: string, { onImport = '', onInit = '', onHealthCheck, more = '', providers = [] }: HotPluginOptions): string => `
import { setImmediate as turn } from 'node:timers/promises'
import { Controller, Get, Pipe, Plugin } from '@mortise/sdk'
import { word } from './word.js'

${onImport}

const mark = (type, method, decorate) => decorate(type.prototype, method, Object.getOwnPropertyDescriptor(type.prototype, method))

class WordController {
  say() {
    return word
  }
}
mark(WordController, 'say', Get('/'))
Controller('word')(WordController)

export default class Stamp {
  #isClosed = false

  async onModuleInit() {
    ${onInit}
  }

  ${onHealthCheck === undefined ? '' : `onHealthCheck() { ${onHealthCheck} }`}

  onModuleDestroy() {
    this.#isClosed = true
  }

  async stamp(request) {
    await turn()
    if (this.#isClosed) throw new Error('it is closed already')
    request.result.word = word
    return request
  }
}
mark(Stamp, 'stamp', Pipe('server:afterNow'))
${more}
Plugin({ name: '${name}', controllers: [WordController], providers: [${providers.join(', ')}] })(Stamp)
`

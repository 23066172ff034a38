import { lstat, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { compilePlugin } from '../build/compile-plugin.js'
import { Refusal } from '../refusal.js'
import { checkPluginName, classOf } from './plugin-name.js'
import { templates, type TemplateName } from './templates/templates.js'

/** What a plugin is made from. */
export interface NewPlugin {
  readonly name: string
  readonly template: TemplateName
  /** The host's version, for which it is made. */
  readonly hostVersion: string
}

/** Where it goes. Paths are absolute. */
export interface NewPluginPlace {
  readonly available: string
  /** Where installed packages lie, whose names are taken. */
  readonly modules: string
}

/**
 * Makes a package in the folder of available plugins and compiles it: whole,
 * or not at all. Returns the paths of its files within the package.
 *
 * @throws {@link Refusal} for a name that is none or taken, and in a folder that is no project's.
 */
export async function createPlugin({ available, modules }: NewPluginPlace, { name, template, hostVersion }: NewPlugin): Promise<string[]> {
  checkPluginName(name)
  const home = dirname(available)
  if (!await exists(home)) throw new Refusal(`There is no folder "${basename(home)}" here. Call this in the folder of the project.`)
  await refuseTaken(name, available, modules)
  const files = templates[template].files({ name, type: classOf(name), host: `^${hostVersion}` })
  // In the same file system and beside the plugins' folder: it is moved there when it is whole, and nobody sees it before.
  const draft = await mkdtemp(join(home, '.new-'))
  try {
    for (const [path, text] of Object.entries(files)) await write(join(draft, name, path), text)
    await compilePlugin(join(draft, name))
    await mkdir(available, { recursive: true })
    await rename(join(draft, name), join(available, name))
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return Object.keys(files).sort()
}

async function refuseTaken(name: string, available: string, modules: string): Promise<void> {
  if (await exists(join(available, name))) throw new Refusal(`"${join(basename(dirname(available)), basename(available), name)}" is there already. Choose another name, or take it away first.`)
  if (await exists(join(modules, name))) throw new Refusal(`A package "${name}" is installed already, and a plugin of that name would stand in its way. Choose another name.`)
}

const exists = (path: string): Promise<boolean> => lstat(path).then(() => true, () => false)

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { renderTypes, type TypedAction } from './render-types.js'

/** What the command works with. */
export interface TypesCommandParts {
  /** The folder that `--out` starts at. */
  readonly root: string
  /** The actions of the enabled plugins. */
  readonly readActions: () => Promise<readonly TypedAction[]>
  readonly print: (text: string) => void
}

/** `mortise types [--out <folder>]`: writes the types of all actions of the enabled plugins, and a client that knows them. */
export function typesCommand({ root, readActions, print }: TypesCommandParts): Command {
  return new Command('types')
    .description('write the types of the enabled plugins\' actions, and a client that knows them')
    .option('--out <folder>', 'where to', 'mortise-types')
    .option('--json', 'print JSON: the files, and the actions that are in them')
    .action(async ({ out, json }: { out: string; json?: boolean }) => {
      const actions = await readActions()
      const files = renderTypes(actions)
      await mkdir(resolve(root, out), { recursive: true })
      for (const [name, text] of Object.entries(files)) await writeFile(resolve(root, out, name), text)
      const paths = Object.keys(files).map((name) => join(out, name))
      if (json) return print(JSON.stringify({ files: paths, actions: actions.map(({ controller, action }) => `${controller}:${action}`) }, null, 2))
      print(`${actions.length} action${actions.length === 1 ? '' : 's'} in ${paths.join(', ')}`)
    })
}

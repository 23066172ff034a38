import { join, relative } from 'node:path'
import { Argument, Command, Option } from 'commander'
import { createPlugin, type NewPluginPlace } from './create-plugin.js'
import { templateNames, templates, type TemplateName } from './templates/templates.js'

/** What `mortise new` works with. */
export interface NewCommandParts extends NewPluginPlace {
  /** The project's folder. */
  readonly root: string
  readonly hostVersion: string
  /** Writes lines for the person to read. */
  readonly print: (text: string) => void
}

/**
 * `mortise new plugin <name> [--template <name>]`.
 *
 * What it refuses rejects `parseAsync` with a Refusal, and then nothing was written.
 */
export function newCommand({ root, hostVersion, print, ...place }: NewCommandParts): Command {
  const command = new Command('new').description('make something new in this project')
  command.command('plugin')
    .description('make a package in plugins/available that builds, loads and has a test')
    .addArgument(new Argument('<name>', 'lower-case words joined by dashes, such as geo-fence'))
    .addOption(new Option('-t, --template <template>', 'what to begin with').choices(templateNames).default(templateNames[0]))
    .addHelpText('after', `\nTemplates:\n${templateNames.map((name) => `  ${name.padEnd(12)}${templates[name].description}`).join('\n')}`)
    .action(async (name: string, { template }: { template: TemplateName }) => {
      const files = await createPlugin(place, { name, template, hostVersion })
      print(describe(relative(root, join(place.available, name)), name, files))
    })
  return command
}

function describe(folder: string, name: string, files: readonly string[]): string {
  const steps = [
    [`npx mortise plugins enable ${name}`, 'loads it on trial, and links it'],
    ['npx mortise dev', 'has it taken up at each change'],
    [`npm test -- ${folder}`, 'runs its tests'],
  ]
  const width = Math.max(...steps.map(([command = '']) => command.length))
  const next = steps.map(([command = '', effect]) => `  ${command.padEnd(width)}  ${effect}`)
  return [`${folder} is made:`, ...files.map((file) => `  ${file}`), 'Next:', ...next].join('\n')
}

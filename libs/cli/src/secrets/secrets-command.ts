import { text as readAll } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { setSecret, type SecretsFile } from '@app/secrets'
import { Command } from 'commander'
import { Refusal } from '../refusal.js'
import { editSecrets } from './edit-secrets.js'

/** What the commands work with. */
export interface SecretsCommandParts {
  /** The host's secrets file. */
  readonly openFile: () => SecretsFile
  /** The person's editor, if they named one. */
  readonly editor: string | undefined
  /** Where a secret is read from. */
  readonly input: Readable
  readonly print: (text: string) => void
}

/**
 * `mortise secrets edit | show-names | set <plugin> <name>`. A secret is never
 * printed, and never an argument, which other processes can see.
 */
export function secretsCommand({ openFile, editor, input, print }: SecretsCommandParts): Command {
  const secrets = new Command('secrets').description('edit the encrypted file of secrets')
  secrets.command('edit')
    .description('decrypt the secrets into your editor, and encrypt what you save')
    .action(async () => {
      if (!editor) throw new Refusal('There is no editor. Set VISUAL or EDITOR, such as EDITOR=nano.')
      const file = openFile()
      const edited = await editSecrets(file.readText(), editor)
      if (edited !== undefined) file.writeText(edited)
      print(edited === undefined ? 'Nothing was changed.' : `${file.path} is written. A restart takes it up.`)
    })
  secrets.command('show-names')
    .description('show which plugins have which secrets, and no secret')
    .option('--json', 'print JSON')
    .action(({ json }: { json?: boolean }) => {
      const names = Object.entries(openFile().read()).flatMap(([plugin, values]) => Object.keys(values).map((name) => ({ plugin, name })))
      if (json) return print(JSON.stringify(names, null, 2))
      print(names.length > 0 ? names.map(({ plugin, name }) => `${plugin}  ${name}`).join('\n') : 'There are no secrets.')
    })
  secrets.command('set <plugin> <name>')
    .description('read one secret from standard input, up to its end, and put it into the file')
    .action(async (plugin: string, name: string) => {
      const value = (await readAll(input)).replace(/\r?\n$/, '')
      if (value === '') throw new Refusal('There is nothing on standard input. Pipe the secret in: mortise secrets set checkout key < key.txt')
      const file = openFile()
      file.writeText(setSecret(file.readText(), plugin, name, value))
      print(`"${name}" of "${plugin}" is set. A restart takes it up.`)
    })
  return secrets
}

/** Types each line of a table into the built command line, one after another in this process, and prints how each ended. */
import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { resolve } from 'node:path'
import { CommandLine } from '../../../dist/app/command-line.js'

/** A stream that remembers what was written on it. */
const recorder = (isTTY) => ({ isTTY, text: '', write(text) { this.text += text } })

const outcomes = []
for (const { root, args, input = '', environment = {}, isTerminal = false } of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  const [output, errors] = [recorder(isTerminal), recorder(isTerminal)]
  const line = new CommandLine({ root, environment, output, errors, input: Readable.from([input]), script: resolve('dist/app/cli.js'), untilStopped: () => Promise.resolve() })
  outcomes.push({ code: await line.run(args), out: output.text, err: errors.text })
}
process.stdout.write(JSON.stringify(outcomes), () => process.exit())

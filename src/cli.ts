#!/usr/bin/env node
import { CommandLine } from './command-line.js'

const line = new CommandLine({
  root: process.cwd(),
  // As it was when the command began: the host's own variables are taken from what plugins can see.
  environment: { ...process.env },
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
  script: process.argv[1] as string,
  untilStopped: () => new Promise((resolve) => { for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve()) }),
})

process.exitCode = await line.run(process.argv.slice(2))
// What plugins leave open, such as timers, does not keep a command from ending.
setTimeout(() => process.exit(), 500).unref()

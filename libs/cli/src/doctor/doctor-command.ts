import { Command } from 'commander'
import { Refusal } from '../refusal.js'

/** What one look at an installation found. A warning is for a person to judge, a problem is wrong. */
export interface Finding {
  readonly about: string
  readonly state: 'ok' | 'warning' | 'problem'
  readonly message: string
  /** What to do; absent when all is well. */
  readonly remedy?: string
}

/** What the command works with. */
export interface DoctorCommandParts {
  /** Looks at everything, one after another; what cannot be looked at is a finding, too. */
  readonly examine: () => Promise<readonly Finding[]>
  readonly print: (text: string) => void
  readonly paint: (style: 'red' | 'yellow' | 'green', text: string) => string
}

const MARKS = { ok: ['ok', 'green'], warning: ['warning', 'yellow'], problem: ['problem', 'red'] } as const

/** `mortise doctor [--json]`: the whole installation at a glance. @throws {@link Refusal} when something is wrong, so that scripts see it */
export function doctorCommand({ examine, print, paint }: DoctorCommandParts): Command {
  return new Command('doctor')
    .description('look at the whole installation: Node, configuration, port, store, plugins, secrets')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const findings = await examine()
      print(json ? JSON.stringify(findings, null, 2) : findings.map((finding) => render(finding, paint)).join('\n'))
      const problems = findings.filter(({ state }) => state === 'problem').length
      if (problems > 0) throw new Refusal(problems === 1 ? 'There is a problem.' : `There are ${problems} problems.`)
    })
}

function render({ about, state, message, remedy }: Finding, paint: DoctorCommandParts['paint']): string {
  const [word, style] = MARKS[state]
  const indent = ' '.repeat(24)
  const head = `${paint(style, word.padEnd(8))} ${about.padEnd(14)} ${message.split('\n').join(`\n${indent}`)}`
  return remedy ? `${head}\n${indent}${remedy.split('\n').join(`\n${indent}`)}` : head
}

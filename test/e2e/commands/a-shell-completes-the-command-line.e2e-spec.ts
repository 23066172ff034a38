import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { runCommand } from '../../support/run-host.js'
import { createProject } from '../../support/start-host.js'

jest.setTimeout(120_000)

const SHELLS = ['bash', 'zsh', 'fish'] as const

let root: string
beforeAll(async () => {
  root = createProject(['hello-world'])
  mkdirSync(join(root, 'plugins/available/geo-fence'), { recursive: true })
  for (const shell of SHELLS) writeFileSync(join(root, shell), (await runCommand(root, ['completion', shell])).out)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const isThere = (shell: string): boolean => {
  try {
    execFileSync(shell, ['-c', 'true'])
    return true
  } catch {
    // Not every machine has every shell.
    return false
  }
}

/** What a shell would offer for the last word of a line. */
const ASK: Readonly<Record<(typeof SHELLS)[number], (words: readonly string[]) => [string, string[]]>> = {
  bash: (words) => ['bash', ['-c', 'source ./bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mortise; printf "%s\\n" "${COMPREPLY[@]}"', 'bash', ...words]],
  zsh: (words) => ['zsh', ['-fc', 'compdef() { : }; compadd() { shift; print -l -- "$@" }; _files() { print -l -- * }; source ./zsh; words=("$@"); CURRENT=$#; _mortise', 'zsh', ...words]],
  fish: (words) => ['fish', ['--no-config', '-c', 'source ./fish; complete -C "$argv"', words.join(' ')]],
}

function offered(shell: (typeof SHELLS)[number], ...words: string[]): string[] {
  const last = words.at(-1) ?? ''
  const [program, args] = ASK[shell](['mortise', ...words])
  return execFileSync(program, args, { cwd: root, encoding: 'utf8' }).split('\n').map((line) => line.split('\t')[0] as string).filter((word) => word !== '' && word.startsWith(last))
}

describe.each(SHELLS.map((shell) => ({ shell, run: isThere(shell) ? test : test.skip })))('$shell', ({ shell, run }) => {
  run('offers commands, and commands below them', () => {
    expect(offered(shell, 'pl')).toEqual(['plugins'])
    expect(offered(shell, 'plugins', 'en')).toEqual(['enable'])
    expect(offered(shell, 'completion', '').filter((word) => !word.startsWith('-')).sort()).toEqual(['bash', 'fish', 'zsh'])
  })

  run('offers names of plugins where they go, and nowhere else', () => {
    expect(offered(shell, 'plugins', 'enable', 'g')).toEqual(['geo-fence'])
    expect(offered(shell, '--config', 'x.json', 'plugins', 'disable', 'hel')).toEqual(['hello-world'])
    expect(offered(shell, 'events', 'failed', '--plugin', 'hel')).toEqual(['hello-world'])
    expect(offered(shell, 'plugins', 'list', 'hel')).toEqual([])
  })

  run('offers options, and what may follow them', () => {
    expect(offered(shell, 'plugins', 'list', '--j')).toEqual(['--json'])
    expect(offered(shell, 'events', 'retry', '--a')).toEqual(['--all'])
    expect(offered(shell, 'new', 'plugin', '--template', 'pro')).toEqual(['protocol'])
  })
})

test('no other shell is known, and says so', async () => {
  expect(await runCommand(root, ['completion', 'tcsh'])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Allowed choices are bash, zsh, fish') })
})

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import type { Command } from 'commander'
import { CommandLine } from '../../src/command-line.js'
import { renderConfigTables } from '../support/render-config-table.js'
import { listPages } from '../support/pages.js'

const pages = listPages()

/**
 * Addresses elsewhere that pages lead to. Tests run without a network, so
 * nobody asks whether they answer: a person has read each before it came here.
 */
const ELSEWHERE = ['https://github.com/moscajs/aedes']

test('every key of the configuration is documented as the schema has it, and nothing else is', () => {
  const page = 'src/docs/configuration.md'
  const [prose] = readFileSync(page, 'utf8').split('## Of the host') as [string]
  if (process.env.WRITE_DOCS) writeFileSync(page, prose + renderConfigTables())
  expect(readFileSync(page, 'utf8')).toBe(prose + renderConfigTables())
})

describe.each(pages)('%s', (page) => {
  const text = readFileSync(page, 'utf8')

  test('links to what is there', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].map(([, link = '', heading]) => ({ link, heading }))
    const missing = links.filter(({ link, heading }) => {
      const target = link === '' ? page : join(dirname(page), link)
      return !existsSync(target) || (heading !== undefined && target.endsWith('.md') && !headingsOf(target).includes(heading))
    })
    expect(missing).toEqual([])
  })

  test('leads elsewhere only where somebody has looked', () => {
    const prose = text.replace(/^```[^]*?^```$/gm, '').replace(/`[^`]*`/g, '')
    const addresses = [...prose.matchAll(/\b\w+:\/\/[^\s)>\]]+/g)].map(([address]) => address)
    expect(addresses.filter((address) => !ELSEWHERE.includes(address))).toEqual([])
  })

  test('has no link that shows as text, and none without an address', () => {
    const prose = text.replace(/^```[^]*?^```$/gm, '').replace(/`[^`]*`/g, 'code')
    expect(prose.match(/\]\(\s*\)|\[[^\]\n]+\]\[[^\]\n]*\]|<a\s|\]\([^)\n]*$/gm) ?? []).toEqual([])
  })
})

test('nothing is kept of addresses that no page leads to', () => {
  const all = pages.map((page) => readFileSync(page, 'utf8')).join('\n')
  expect(ELSEWHERE.filter((address) => !all.includes(`](${address})`))).toEqual([])
})

/** Headings as links name them. */
const headingsOf = (path: string): string[] =>
  [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'))

test('the first plugin of the README is shown whole', () => {
  const readme = readFileSync('README.md', 'utf8')
  expect(readme).toContain(readFileSync('plugins/available/hello-world/src/index.ts', 'utf8').trimEnd())
})

describe('commands that pages show', () => {
  const { program } = new CommandLine({ root: '.', environment: {}, input: Readable.from([]), output: { write: () => true }, errors: { write: () => true }, script: '', untilStopped: async () => undefined })

  /** What is wrong with a command of ours, as it is shown in a text: names and options that there are not. */
  function faultsOf(shown: string): string[] {
    let command: Command = program
    const faults: string[] = []
    for (const word of shown.split(/\s+/).slice(1)) {
      const below = command.commands.find((candidate) => candidate.name() === word)
      const option = /^--[\w-]+/.exec(word)?.[0]
      if (below) command = below
      else if (option && !isOption(command, option)) faults.push(`${shown}: ${command.name()} has no ${option}`)
      else if (/^[a-z]+$/.test(word) && command.commands.length > 0) faults.push(`${shown}: ${command.name()} has no ${word}`)
    }
    return faults
  }
  const isOption = (command: Command, option: string): boolean => option === '--help' || [...command.options, ...program.options].some(({ long }) => long === option)

  test('have names and options that there are', () => {
    const shown = pages.flatMap((page) => [...readFileSync(page, 'utf8').matchAll(/(?:`|^\$ )(?:npx )?(mortise [^`\n|]+)/gm)].map(([, command = '']) => command))
    expect(shown.length).toBeGreaterThan(50)
    expect(shown.flatMap(faultsOf)).toEqual([])
  })

  /** What is typed, in blocks that no test types: of the pages for whoever works on the host itself, and of the list of commands. */
  const typed = pages.flatMap((page) => [...readFileSync(page, 'utf8').matchAll(/^```(\w*)\n([^]*?)^```$/gm)]
    .filter(([, language]) => language !== 'console')
    .flatMap(([, , code = '']) => code.split('\n'))
    .filter((line) => /^(\$ )?(npm|npx|mortise|curl|openssl|mosquitto_\w+|export [A-Z_]+=) ?/.test(line)).map((line) => ({ page, line })))

  test('are typed by a test where they tell a reader what to do', () => {
    expect(typed.filter(({ page }) => page !== 'CONTRIBUTING.md' && page !== 'libs/cli/README.md')).toEqual([])
  })

  test('are scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
    const named = pages.flatMap((page) => [...readFileSync(page, 'utf8').matchAll(/\bnpm run ([\w:-]+)/g)].map(([, script = '']) => script))
    expect(named.filter((script) => !(script in scripts))).toEqual([])
  })

  test('are all in the list of commands, and no others', () => {
    const namesBelow = ({ commands }: Command): string[] => commands.map((command) => command.name()).filter((name) => name !== 'help')
    const [block = ''] = /^```\n[^]*?^```$/m.exec(readFileSync('libs/cli/README.md', 'utf8')) ?? []
    const listed = new Set([...block.matchAll(/^mortise (\w+)/gm)].map(([, name = '']) => name))
    expect([...listed].sort()).toEqual(namesBelow(program).sort())
    for (const command of program.commands) {
      const lines = block.split('\n').filter((line) => line.startsWith(`mortise ${command.name()} `)).join(' ')
      expect(namesBelow(command).filter((name) => !new RegExp(`(^|[ |;])${name}\\b`).test(lines))).toEqual([])
    }
  })
})

test('each page stands in the index for its readers', () => {
  for (const folder of ['libs/sdk/docs', 'src/docs']) {
    const index = readFileSync(join(folder, 'README.md'), 'utf8')
    expect(readdirSync(folder).filter((page) => page !== 'README.md' && !index.includes(`](${page})`))).toEqual([])
  }
})

test('every plugin that ships says what it does', () => {
  const silent = readdirSync('plugins/available').filter((name) => !existsSync(join('plugins/available', name, 'README.md')))
  expect(silent).toEqual([])
})

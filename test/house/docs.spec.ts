import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import type { Command } from 'commander'
import { parse } from 'jsonc-parser'
import { CommandLine } from '../../src/command-line.js'
import { checkConfig } from '../../src/config.js'
import { renderConfigTables } from '../support/render-config-table.js'
import { GUIDES, readGuide } from '../support/run-guide.js'

const pages = ['.', 'src', 'libs', 'plugins/available', 'test'].flatMap((folder) =>
  readdirSync(folder, { recursive: folder !== '.', withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules')))

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
})

/** Headings as links name them. */
const headingsOf = (path: string): string[] =>
  [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'))

test('plugins that the README walks through are shown as they are', () => {
  const readme = readFileSync('README.md', 'utf8')
  expect(readme).toContain(readFileSync('plugins/available/hello-world/src/index.ts', 'utf8').trimEnd())
  const createdAt = readFileSync('plugins/available/created-at/src/index.ts', 'utf8')
  expect(readme).toContain(createdAt.slice(createdAt.indexOf('@Plugin')).trimEnd())
})

describe.each(GUIDES)('%s', (guide) => {
  const text = readFileSync(guide, 'utf8')
  const flat = (code: string): string => code.split('\n').map((line) => line.trim()).join('\n').trim()
  const blocks = [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language = '', code = '']) => ({ language, code }))

  test('shows code as it stands in files that are compiled and tested, or that a reader of it writes', () => {
    const shown = [...text.matchAll(/^\[.+\]\((.+)\):\n\n```\w+\n([^]*?)^```$/gm)].map(([, source, code]) => ({ source: source as string, code: code as string }))
    expect(shown.filter(({ source, code }) => !flat(readFileSync(join(dirname(guide), source), 'utf8')).includes(flat(code)))).toEqual([])
    const written = readGuide(text).filter((step) => 'file' in step)
    expect(shown.length + written.length).toBe(blocks.filter(({ language }) => /^(ts|js|mjs|json)$/.test(language)).length)
  })

  test('shows settings that the host takes', () => {
    for (const { code } of blocks.filter(({ language }) => language === 'jsonc')) expect(() => checkConfig(parse(code) as object)).not.toThrow()
  })

  test('shows nothing that no test looks at', () => {
    expect(blocks.filter(({ language }) => !/^(ts|js|mjs|json|jsonc|console)$/.test(language))).toEqual([])
  })
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

import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { commandsByPath, EXAMPLES, EXIT_CODES } from '../../support/command-line.js'
import { createProject } from '../../support/start-host.js'

jest.setTimeout(600_000)

const run = promisify(execFile)

interface Typed { readonly args: readonly string[]; readonly root?: string; readonly input?: string; readonly environment?: Record<string, string>; readonly isTerminal?: boolean }
interface Outcome { readonly code: number; readonly out: string; readonly err: string }

/** What is typed so that a command does its work, and so that it refuses. */
interface Row {
  /** Absent where it takes a host that runs, a registry or an editor: files named after those try it. */
  readonly done?: string
  readonly input?: string
  /** Absent where nothing can be refused that is not misused. */
  readonly refused?: string
  /** What is wrong with the command line though each word of it is known. */
  readonly misused?: string
}

/** Where nobody answers. */
const NOWHERE = '--url http://127.0.0.1:9'
const NO_FILE = '--config nowhere.json'

const TABLE: Readonly<Record<string, Row>> = {
  'plugins list': { done: '', refused: NOWHERE, misused: '--url localhost:7512' },
  'plugins enable': { done: 'hello-world', refused: 'helo-world' },
  'plugins disable': { refused: 'nobody' },
  'plugins reload': { refused: 'hello-world' },
  'plugins resume': { refused: 'hello-world' },
  'plugins purge': { refused: 'nobody' },
  'plugins add': { refused: './nowhere' },
  'plugins update': { refused: 'nobody' },
  'plugins remove': { refused: 'nobody' },
  'plugins lock': { refused: 'nobody' },
  'plugins check': { done: 'plugins/available/hello-world', refused: 'nowhere' },
  'new plugin': { done: 'geo', refused: 'hello-world', misused: 'GeoFence' },
  'data import': { done: 'orders.jsonl', refused: 'nowhere.jsonl' },
  'data export': { done: 'out.jsonl', refused: 'out.jsonl --index nowhere' },
  'events failed': { done: '', refused: NO_FILE },
  'events retry': { done: '--all', refused: 'no-such-key', misused: '' },
  'events drop': { done: '--all', refused: 'no-such-key', misused: '' },
  'schedule list': { done: '', refused: NO_FILE },
  'schedule runs': { done: '', refused: NO_FILE },
  explain: { done: 'document:beforeCreate', refused: `document:beforeCreate ${NOWHERE}` },
  tap: { refused: '', misused: '--token abc' },
  types: { done: '', refused: NOWHERE },
  'secrets edit': { refused: '' },
  'secrets show-names': { done: '', refused: NO_FILE },
  'secrets set': { done: 'checkout key', input: 'open sesame', refused: 'checkout key' },
  dev: { refused: '' },
  doctor: { done: '', refused: NO_FILE },
  completion: { done: 'bash', misused: 'tcsh' },
}

/** Commands that do something and say so; all others print data. */
const SILENT = ['plugins enable', 'plugins disable', 'plugins reload', 'plugins resume', 'plugins purge', 'plugins remove', 'plugins lock', 'new plugin', 'secrets edit', 'secrets set', 'dev', 'completion']

const environment = { MORTISE_SERVER__PORT: '0', MORTISE_PLUGINS__COMMON__INIT_TIMEOUT: '240000', MORTISE_SECRETS_KEY: 'a key that nobody guesses in a hurry' }
const words = (text: string): string[] => text.split(' ').filter(Boolean)

let root: string
let bare: string
const outcomes = new Map<string, Outcome>()

/** Types everything in one process. */
async function type(lines: ReadonlyMap<string, Typed>): Promise<void> {
  const file = join(root, 'lines.json')
  writeFileSync(file, JSON.stringify([...lines.values()].map((line) => ({ root, environment, ...line }))))
  const { stdout } = await run(process.execPath, ['test/e2e/commands/type-commands.mjs', file], { maxBuffer: 64_000_000 })
  const ended = JSON.parse(stdout) as Outcome[]
  for (const [index, name] of [...lines.keys()].entries()) outcomes.set(name, ended[index] as Outcome)
}

const outcome = (name: string): Outcome => outcomes.get(name) as Outcome
const commands = commandsByPath()

/** What is typed of one command, by what is tried with it. */
function linesOf(path: string, { done, refused, misused, input }: Row): [string, Typed][] {
  const line = (...more: string[]): string[] => [...words(path), ...more]
  const works: [string, Typed][] = done === undefined ? [] : [
    [`${path} done`, { args: line(...words(done)), input }],
    ...(SILENT.includes(path) ? [] : [[`${path} json`, { args: line(...words(done), '--json') }] as [string, Typed]]),
  ]
  return [
    ...(refused === undefined ? [] : [[`${path} refused`, { args: line(...words(refused)), root: path === 'dev' ? bare : root }] as [string, Typed]]),
    ...works,
    [`${path} help`, { args: line('--help') }],
    [`${path} misused`, { args: line('--no-such-thing') }],
    ...(misused === undefined ? [] : [[`${path} meant otherwise`, { args: line(...words(misused)) }] as [string, Typed]]),
    ...(commands.get(path)?.registeredArguments[0]?.required ? [[`${path} short`, { args: line() }] as [string, Typed]] : []),
  ]
}

beforeAll(async () => {
  root = createProject()
  bare = createProject()
  mkdirSync(join(root, 'plugins/available'))
  symlinkSync(resolve('plugins/available/hello-world'), join(root, 'plugins/available/hello-world'))
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'))
  writeFileSync(join(root, 'orders.jsonl'), '{"index":"shop","collection":"orders"}\n{"_id":"o1","_source":{"city":"Hue"}}\n')
  const lines = new Map(Object.entries(TABLE).flatMap(([path, row]) => linesOf(path, row)))
  const more = { '': [], help: ['--help'], version: ['--version'], unknown: ['plugnis'], group: ['plugins'], 'unknown below': ['plugins', 'enabel', 'x'] }
  for (const [name, args] of Object.entries(more)) lines.set(name, { args })
  lines.set('terminal', { args: ['doctor'], isTerminal: true })
  lines.set('terminal without colours', { args: ['doctor'], isTerminal: true, environment: { ...environment, NO_COLOR: '1' } })
  await type(lines)
})
afterAll(() => {
  for (const folder of [root, bare]) rmSync(folder, { recursive: true, force: true })
})

test('the table has every command', () => {
  expect(Object.keys(TABLE).sort()).toEqual([...commands.keys()].sort())
})

describe.each(Object.entries(TABLE))('mortise %s', (path, { done, refused }) => {
  const { code: DONE } = EXIT_CODES.done

  test('shows its help with examples', () => {
    const { code, out, err } = outcome(`${path} help`)
    expect([code, err]).toEqual([DONE, ''])
    expect(EXAMPLES[path]?.filter((example) => !out.includes(`  $ ${example}\n`))).toEqual([])
  })

  test('is misused with what it does not know, or too little', () => {
    expect(outcome(`${path} misused`)).toMatchObject({ code: EXIT_CODES.misused.code, out: '', err: expect.stringContaining('unknown option \'--no-such-thing\'') })
    if (outcomes.has(`${path} short`)) expect(outcome(`${path} short`)).toMatchObject({ code: EXIT_CODES.misused.code, out: '', err: expect.stringContaining('missing required argument') })
  })

  test('is misused with what cannot be meant', () => {
    if (!outcomes.has(`${path} meant otherwise`)) return
    const { code, out, err } = outcome(`${path} meant otherwise`)
    expect([code, out, err]).toEqual([EXIT_CODES.misused.code, '', expect.stringMatching(/\S/)])
    expect(err).not.toMatch(/^ +at .+:\d+:\d+\)?$/m)
  })

  test('tells on standard error what it refuses, and no stack', () => {
    if (refused === undefined) return
    const { code, err } = outcome(`${path} refused`)
    expect([code, err]).toEqual([EXIT_CODES.refused.code, expect.stringMatching(/\S/)])
    expect(err).not.toMatch(/^ +at .+:\d+:\d+\)?$/m)
  })

  test('does its work, and writes nothing but results, without colours', () => {
    if (done === undefined) return
    const { code, out, err } = outcome(`${path} done`)
    expect([code, err, out]).toEqual([DONE, '', expect.stringMatching(/\S/)])
    expect(out).not.toContain('\u001b')
  })

  test('prints its data as JSON when it is asked to', () => {
    expect(commands.get(path)?.options.some(({ long }) => long === '--json')).toBe(!SILENT.includes(path))
    if (!outcomes.has(`${path} json`)) return
    const { code, out, err } = outcome(`${path} json`)
    expect([code, err]).toEqual([DONE, ''])
    expect(JSON.parse(out)).toEqual(expect.any(Object))
  })

  test('has examples that can be typed', () => {
    const known = new Set([...commands.get(path)?.options ?? [], ...commands.program.options].map(({ long }) => long))
    for (const example of EXAMPLES[path] ?? []) {
      expect(example.replace(/ --(url|token) \S+/g, '')).toContain(`mortise ${path}`)
      expect((example.slice(example.indexOf('mortise')).match(/--[\w-]+/g) ?? []).filter((option) => !known.has(option))).toEqual([])
    }
  })
})

describe('mortise', () => {
  test('tells its exit codes', () => {
    const { code, out } = outcome('help')
    expect(code).toBe(EXIT_CODES.done.code)
    for (const each of Object.values(EXIT_CODES)) expect(out).toContain(`${each.code}  ${each.means}`)
    expect(outcome('version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
  })

  test.each(['', 'group', 'unknown', 'unknown below'])('is misused where no command is named: "%s"', (name) => {
    expect(outcome(name)).toMatchObject({ code: EXIT_CODES.misused.code, out: '', err: expect.stringMatching(/Usage: mortise|unknown command/) })
  })

  test('suggests what was meant', () => {
    expect(outcome('unknown').err).toContain('Did you mean plugins?')
    expect(outcome('unknown below').err).toContain('Did you mean enable?')
  })

  test('shows colours and progress on a terminal, and no colours to who wants none', () => {
    const { out, err } = outcome('terminal')
    expect([out, err]).toEqual([expect.stringContaining('\u001b['), expect.stringContaining('… ')])
    expect(outcome('terminal without colours').out).not.toContain('\u001b')
    expect(outcome('doctor done').err).toBe('')
  })
})

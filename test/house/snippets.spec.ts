import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { readMarks, type StandardSchemaV1 } from '@mortise/sdk'
import { parse, type ParseError } from 'jsonc-parser'
import { checkConfig } from '../../src/config.js'
import { readFencedBlocks, type FencedBlock } from '../support/fenced-blocks.js'
import { listPages } from '../support/pages.js'
import { GUIDES, PAGES } from '../support/run-guide.js'

/** Languages of what is run; whatever else stands behind a fence is a fault until a test knows what to do with it. */
const CODE = /^(ts|js|mjs|json)$/

/** Pages of which a test reads the code and runs it as it stands there, because it belongs into no file of this project. */
const RUN_FROM_THE_PAGE: Readonly<Record<string, string>> = {
  'plugins/available/sse/README.md': 'test/e2e/protocols/a-browser-listens-to-event-streams.e2e-spec.ts',
}

const blocks = listPages().flatMap((page) => readFencedBlocks(page, readFileSync(page, 'utf8')))
const called = ({ page, line }: FencedBlock): string => `${page}:${line}`
const those = (predicate: (block: FencedBlock) => boolean): string[] => blocks.filter(predicate).map(called)

/** Code without its place on the page: how far it is indented, and the lines that are left out for shortness because they are empty. */
const linesOf = (code: string): string[] => code.split('\n').map((line) => line.trim()).filter((line) => line !== '')
const holds = (file: string, code: string): boolean => linesOf(file).join('\n').includes(linesOf(code).join('\n'))

/** What is said may stand in a test line by line, each in quotes. */
function holdsLines(file: string, said: string): boolean {
  let from = 0
  return linesOf(said).every((line) => {
    const found = file.indexOf(line, from)
    from = found + line.length
    return found >= 0
  })
}

const readSource = ({ page, source = '' }: FencedBlock): string => readFileSync(join(dirname(page), source), 'utf8')
/** Tests, what they run, and plugins that ship: what stands there is compiled by `npm run typecheck` and run. */
const isTested = ({ page, source = '' }: FencedBlock): boolean =>
  /\.(spec|e2e-spec)\.ts$|^test\/|^plugins\/available\/(?!.*node_modules)/.test(join(dirname(page), source))

test('there is something to look at', () => {
  expect(blocks.length).toBeGreaterThan(80)
})

test('every block is of a kind that a test knows', () => {
  expect(those(({ language }) => !CODE.test(language) && !['console', 'jsonc', ''].includes(language))).toEqual([])
})

describe('code', () => {
  const code = blocks.filter(({ language }) => CODE.test(language))

  test('is an excerpt of a file that is run, is written by the reader whom a test plays, or is run from the page', () => {
    const isRun = (block: FencedBlock): boolean =>
      (block.source !== undefined && isTested(block)) || (block.file !== undefined && [...GUIDES, ...PAGES].includes(block.page)) || block.page in RUN_FROM_THE_PAGE
    expect(code.filter((block) => !isRun(block)).map(called)).toEqual([])
  })

  test('stands in the file that is named, as it is shown', () => {
    expect(code.filter((block) => block.source !== undefined && !holds(readSource(block), block.code)).map(called)).toEqual([])
  })

  test('is read by the test that is said to run it', () => {
    for (const [page, spec] of Object.entries(RUN_FROM_THE_PAGE)) expect(readFileSync(spec, 'utf8')).toContain(`readFileSync('${page}'`)
  })
})

describe('settings', () => {
  const settings = blocks.filter(({ language }) => language === 'jsonc')

  test.each(settings.map((block) => [called(block), block] as const))('%s: the host takes them', (_name, { code }) => {
    const faults: ParseError[] = []
    const config = parse(code, faults, { allowTrailingComma: true }) as object
    expect(faults).toEqual([])
    expect(() => checkConfig(config)).not.toThrow()
  })

  test.each(settings.map((block) => [called(block), block] as const))('%s: so do the plugins that ship', async (_name, { code }) => {
    const { plugins = {} } = parse(code) as { plugins?: Record<string, unknown> }
    for (const [name, section] of Object.entries(plugins).filter(([name]) => existsSync(`plugins/available/${name}/src/index.ts`))) {
      const { default: plugin } = await import(`../../plugins/available/${name}/src/index.ts`) as { default: unknown }
      const schema = readMarks(plugin)?.plugin?.config as StandardSchemaV1 | undefined
      expect((await schema?.['~standard'].validate(section))?.issues).toBeUndefined()
    }
  })
})

test('dialogues with a terminal stand on pages whose reader a test plays', () => {
  expect(those(({ page, language }) => language === 'console' && ![...GUIDES, ...PAGES].includes(page))).toEqual([])
})

describe('texts', () => {
  const texts = blocks.filter(({ language }) => language === '')
  const isError = ({ code }: FencedBlock): boolean => /^\w+\.\w+\.\w+: /.test(code)

  test('that tell an error are what a test gets told', () => {
    const told = texts.filter(isError)
    expect(told.length).toBeGreaterThan(2)
    expect(told.filter((block) => block.source === undefined || !isTested(block) || !holdsLines(readSource(block), block.code)).map(called)).toEqual([])
  })

  test('are drawings otherwise, or lists of commands, which `docs.spec.ts` compares', () => {
    const looksLikeCode = /^(import|export|const|let|await|function|class|@\w+\()\b|[{;]$/m
    expect(texts.filter((block) => !isError(block) && looksLikeCode.test(block.code)).map(called)).toEqual([])
  })

  test('that say how to set up this project name its scripts', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
    const typed = texts.filter(({ page }) => page === 'CONTRIBUTING.md').flatMap(({ code }) => linesOf(code).map((line) => line.replace(/ *#.*/, '')))
    expect(typed.length).toBeGreaterThan(0)
    expect(typed.filter((line) => line !== 'npm ci' && !((/^npm (?:run )?([\w:-]+)$/.exec(line)?.[1] ?? '') in scripts))).toEqual([])
  })
})

test('pages of the rooms are all looked at', () => {
  for (const room of readdirSync('libs')) expect(listPages()).toContain(`libs/${room}/README.md`)
})

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'jsonc-parser'
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

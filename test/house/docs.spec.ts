import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { renderConfigTable } from '../support/render-config-table.js'

const pages = ['.', 'src', 'libs', 'plugins/available', 'test'].flatMap((folder) =>
  readdirSync(folder, { recursive: folder !== '.', withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules')))

test('every key of the configuration is documented as the schema has it, and nothing else is', () => {
  expect(readFileSync('src/README.md', 'utf8')).toContain(renderConfigTable())
})

describe.each(pages)('%s', (page) => {
  const text = readFileSync(page, 'utf8')

  test('links to what is there', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(([, link]) => link as string)
    expect(links.filter((link) => !existsSync(join(dirname(page), link)))).toEqual([])
  })
})

test('plugins that the README walks through are shown as they are', () => {
  const readme = readFileSync('README.md', 'utf8')
  expect(readme).toContain(readFileSync('plugins/available/hello-world/src/index.ts', 'utf8').trimEnd())
  const createdAt = readFileSync('plugins/available/created-at/src/index.ts', 'utf8')
  expect(readme).toContain(createdAt.slice(createdAt.indexOf('@Plugin')).trimEnd())
})

const guides = readdirSync('libs/sdk/docs').map((name) => join('libs/sdk/docs', name))

describe.each(guides)('%s', (guide) => {
  const text = readFileSync(guide, 'utf8')
  const flat = (code: string): string => code.split('\n').map((line) => line.trim()).join('\n').trim()

  test('shows code as it stands in files that are compiled and tested', () => {
    const shown = [...text.matchAll(/^\[.+\]\((.+)\):\n\n```\w+\n([^]*?)^```$/gm)].map(([, source, code]) => ({ source: source as string, code: code as string }))
    expect(shown.filter(({ source, code }) => !flat(readFileSync(join(dirname(guide), source), 'utf8')).includes(flat(code)))).toEqual([])
    expect(shown).toHaveLength(text.match(/^```(ts|js|mjs|json)$/gm)?.length ?? 0)
  })
})

test('every plugin that ships says what it does', () => {
  const silent = readdirSync('plugins/available').filter((name) => !existsSync(join('plugins/available', name, 'README.md')))
  expect(silent).toEqual([])
})

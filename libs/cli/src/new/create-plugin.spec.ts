import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createPlugin } from './create-plugin.js'
import { templateNames, type TemplateName } from './templates/templates.js'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mortise-new-'))
  mkdirSync(join(root, 'plugins'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const create = (name: string, template: TemplateName = 'typescript'): Promise<string[]> =>
  createPlugin({ available: join(root, 'plugins/available'), modules: join(root, 'node_modules') }, { name, template, hostVersion: '0.1.0' })
const everything = (): string[] => (readdirSync(root, { recursive: true }) as string[]).sort()

describe('a new plugin', () => {
  test.each(templateNames)('of the template "%s" has a package, a page, a test and an entry, each under its name', async (template) => {
    const files = await create('geo-fence', template)
    expect(files).toEqual(expect.arrayContaining(['package.json', 'README.md']))
    const read = (file: string): string => readFileSync(join(root, 'plugins/available/geo-fence', file), 'utf8')
    const { name, exports } = JSON.parse(read('package.json')) as { name: string; exports: string }
    expect(name).toBe('geo-fence')
    expect(read(exports)).toContain('GeoFencePlugin')
    expect(files.filter((file) => file.startsWith('test/geo-fence.spec.'))).toHaveLength(1)
  })

  test('leaves nothing beside it', async () => {
    await create('geo')
    expect(readdirSync(join(root, 'plugins'))).toEqual(['available'])
  })
})

describe('nothing is written', () => {
  test.each([['Geo', 'Did you mean "geo"?'], ['common', 'means something else'], ['zod', 'is installed already']])('for the name "%s"', async (name, words) => {
    mkdirSync(join(root, 'node_modules/zod'), { recursive: true })
    const before = everything()
    await expect(create(name)).rejects.toThrow(words)
    expect(everything()).toEqual(before)
  })

  test('over what is there', async () => {
    const file = join(root, 'plugins/available/mine/package.json')
    mkdirSync(join(root, 'plugins/available/mine'), { recursive: true })
    writeFileSync(file, '{}')
    await expect(create('mine')).rejects.toThrow('"plugins/available/mine" is there already')
    expect(readFileSync(file, 'utf8')).toBe('{}')
  })

  test('outside a project', async () => {
    rmSync(join(root, 'plugins'), { recursive: true })
    await expect(create('geo')).rejects.toThrow('Call this in the folder of the project')
    expect(everything()).toEqual([])
  })

  test('when it cannot be moved into its place', async () => {
    writeFileSync(join(root, 'plugins/available'), 'a file')
    await expect(create('geo')).rejects.toThrow()
    expect(everything()).toEqual(['plugins', 'plugins/available'])
    expect(existsSync(join(root, 'plugins/available/geo'))).toBe(false)
  })
})

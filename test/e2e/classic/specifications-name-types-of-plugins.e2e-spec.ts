import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startMortise } from '../../../src/index.js'
import { openLog } from '../../../src/logger.js'
import { asker, createProject, type WireAnswer } from '../../support/start-host.js'

const PLUGIN = 'classic-that-knows-colours'
const SPECIFICATION = {
  fields: {
    'ink': { type: 'colour', typeOptions: { palette: ['black', 'blue'] } },
    'paper': { type: 'colour', mandatory: true },
    'marks': { type: 'colour', multivalued: { value: true } },
    'sample': { type: 'swatch' },
    'sample/of': { type: 'string' },
    'mood': { type: 'moody' },
  },
}

let root: string
let running: Awaited<ReturnType<typeof startMortise>>
let ask: ReturnType<typeof asker>

const start = async (): Promise<void> => {
  running = await startMortise({
    root, logger: openLog('silent', { write: () => undefined }),
    config: { server: { port: 0, host: '127.0.0.1' }, plugins: { [PLUGIN]: { budget: { timeout: 200 } } } },
  })
  ask = asker(`http://127.0.0.1:${running.port}`)
}
const create = (body: object, collection = 'books'): Promise<WireAnswer> => ask('POST', `/press/${collection}/_create`, { body })
const validate = async (body: object): Promise<unknown> => (await ask('POST', '/press/books/_validate', { body })).body.result
const specify = (specification: object): Promise<WireAnswer> => ask('PUT', '/press/books/_specifications', { body: specification })
const count = async (): Promise<number> => (await ask('POST', '/press/books/_search', { body: {} })).body.result.total
const plug = (change: 'enable' | 'disable' | 'reload'): Promise<WireAnswer> => ask('POST', `/_plugins/${PLUGIN}/_${change}`)

/** Holds, and holds against what does not fit. */
async function expectInForce(): Promise<void> {
  expect((await create({ paper: 'red' })).status).toBe(200)
  expect((await create({ paper: 'pink' })).body.error).toMatchObject({ id: 'validation.check.failed_field', status: 400, message: expect.stringContaining('Field "paper" is not valid: pink is not on the palette') })
}

beforeAll(async () => {
  root = createProject()
  mkdirSync(join(root, 'plugins/available'))
  symlinkSync(resolve('test/fixtures/plugins', PLUGIN), join(root, 'plugins/available', PLUGIN))
  symlinkSync(join('../available', PLUGIN), join(root, 'plugins/enabled', PLUGIN))
  await start()
  await ask('POST', '/press/_create')
  for (const collection of ['books', 'letters']) await ask('PUT', `/press/${collection}`)
  expect((await specify(SPECIFICATION)).status).toBe(200)
})
afterAll(async () => {
  await running.close()
  rmSync(root, { recursive: true, force: true })
})

describe('a type that a plugin adds', () => {
  test('is told apart from one that is there already', async () => {
    expect((await ask('GET', '/_/colours/twice')).body.result).toEqual({ id: 'validation.types.already_exists', status: 500 })
  })

  test('may be named as soon as it is added, also by its plugin', async () => {
    expect((await ask('GET', '/_/colours/knew')).body.result).toEqual({ valid: true })
    expect((await ask('POST', '/_/colours/learn')).status).toBe(200)
    expect((await ask('POST', '/press/letters/_validateSpecifications', { body: { fields: { a: { type: 'shade' } } } })).body.result).toEqual({ valid: true })
  })

  test.each<[string, object, string]>([
    ['are not allowed', { type: 'colour', typeOptions: { range: {} } }, 'Allowed: palette'],
    ['the type refuses', { type: 'colour', typeOptions: { palette: [] } }, 'of plugin "classic-that-knows-colours"'],
    ['the type throws at', { type: 'colour', typeOptions: { palette: 'red' } }, 'a palette is a list'],
  ])('refuses options that %s', async (_, field, words) => {
    expect((await specify({ fields: { ink: field } })).body.error).toMatchObject({ id: 'validation.assert.invalid_specifications', status: 400, message: expect.stringContaining(words) })
  })

  test('has no children unless it allows them', async () => {
    expect((await specify({ fields: { 'ink': { type: 'colour' }, 'ink/of': { type: 'string' } } })).body.error.id).toBe('validation.assert.invalid_specifications')
  })

  test('judges documents, with the options that it filled in', async () => {
    await expectInForce()
    expect(await validate({ paper: 'green', ink: 'black', marks: ['red', 'blue'], sample: { of: 'gold' } })).toMatchObject({ valid: true })
    const { errorMessages } = await validate({ paper: 7, ink: 'red', marks: ['red', 'pink'], sample: { of: 7, by: 'us' } }) as { errorMessages: unknown }
    expect(JSON.stringify(errorMessages)).toMatch(/red is not on the palette of black, blue.*it is no colour.*pink is not on.*it is no text.*it is not declared/)
  })

  test('judges what its own plugin asks to be validated', async () => {
    const check = async (body: object): Promise<unknown> => (await ask('POST', '/_/colours/check/press/books', { body })).body.result.valid
    expect([await check({ paper: 'pink' }), await check({ paper: 'red' })]).toEqual([false, true])
  })

  test('may promise its answer', async () => {
    expect(await validate({ paper: 'red', mood: 'promises' })).toMatchObject({ valid: true })
    expect(await validate({ paper: 'red', mood: 'else' })).toMatchObject({ valid: false })
  })

  test.each([
    ['throws', 500, 'plugin.runtime.unexpected_error'],
    ['rejects', 500, 'plugin.runtime.unexpected_error'],
    ['never answers', 504, 'plugin.runtime.call_timeout'],
  ])('that %s ends its request alone, by name, and nothing is stored', async (mood, status, id) => {
    const before = await count()
    const { body } = await create({ paper: 'red', mood })
    expect(body.error).toMatchObject({ id, status, message: expect.stringMatching(/classic-that-knows-colours/) })
    expect(await count()).toBe(before)
    await expectInForce()
  })
})

describe('a specification whose type is a plugin\'s', () => {
  test('says so when the plugin is gone, on writes of its collection alone, and holds again when it is back', async () => {
    expect((await plug('disable')).body.error).toBeNull()
    const before = await count()
    expect((await create({ paper: 'red' })).body.error).toMatchObject({
      id: 'validation.assert.invalid_specifications', status: 400, message: expect.stringMatching(/type "colour": neither the host nor a plugin that runs brings it\. It is that of "press":"books"/),
    })
    expect((await create({ paper: 7 }, 'letters')).status).toBe(200)
    expect(await count()).toBe(before)
    expect((await plug('enable')).body.error).toBeNull()
    await expectInForce()
  })

  test('holds while the plugin is reloaded', async () => {
    expect((await plug('reload')).body.error).toBeNull()
    await expectInForce()
    expect((await ask('GET', '/_/colours/twice')).body.result).toEqual({ id: 'validation.types.already_exists', status: 500 })
  })

  test('holds after a restart', async () => {
    await running.close()
    await start()
    await expectInForce()
  })
})

import { beforeEach, describe, expect, test } from '@jest/globals'
import { KnownTypes, type FieldType } from '@app/api'
import type { AddedTypes, ClassicDefinition, ValidationType } from '@app/classic'
import { Registry } from '@app/registry'
import { Supervisor } from '@app/supervision'
import { definePlugin } from '../test/support/define-plugin.js'
import { RecordingLogger } from '../test/support/recording-logger.js'
import { ClassicTypes } from './classic-types.js'

let registry: Registry
let logger: RecordingLogger
/** What the supervisor's clock says. */
let now = 0
let supervisor: Supervisor
let known: KnownTypes
let desk: ClassicTypes

beforeEach(() => {
  logger = new RecordingLogger()
  supervisor = new Supervisor({ logger, clock: () => now })
  registry = new Registry(supervisor)
  known = new KnownTypes()
  desk = new ClassicTypes({ registry, supervisor, known, limits: { pipeTimeout: 5, pipeWarnTime: 1 } })
})

const typeOf = (typeName: string, given: Partial<ValidationType> = {}): ValidationType => ({
  typeName, allowChildren: false, allowedTypeOptions: [], validate: () => true, validateFieldSpecification: (options) => options, getStrictness: (_, around) => around, ...given,
})
const definitionOf = (name: string, { list }: AddedTypes): ClassicDefinition => ({ ...definePlugin({ name }), validationTypes: list } as unknown as ClassicDefinition)
/** The type as specifications find it. */
const inForce = (given: Partial<ValidationType>): FieldType => {
  desk.open('paint').add(typeOf('colour', given))
  return known.get('colour') as FieldType
}
const taken = expect.objectContaining({ id: 'validation.types.already_exists', status: 500 })

describe('types of a plugin', () => {
  test('are in force from when they are added, and go when it is taken out', () => {
    const types = desk.open('paint')
    types.add(typeOf('colour'))
    expect(known.get('colour')).toBeDefined()
    const remove = registry.register(definitionOf('paint', types))
    types.add(typeOf('shade'))
    expect(known.get('shade')).toBeDefined()
    remove()
    expect([known.get('colour'), known.get('shade')]).toEqual([undefined, undefined])
    types.add(typeOf('tint'))
    expect(known.get('tint')).toBeUndefined()
  })

  test('go when it never comes up, and what it adds later is in force nowhere', () => {
    const types = desk.open('paint')
    types.add(typeOf('colour'))
    types.close()
    types.add(typeOf('shade'))
    expect([known.get('colour'), known.get('shade')]).toEqual([undefined, undefined])
  })

  test('are refused under a name that is there', () => {
    const types = desk.open('paint')
    types.add(typeOf('colour'))
    expect(() => types.add(typeOf('colour'))).toThrow(taken)
    expect(() => types.add(typeOf('integer'))).toThrow(taken)
    expect(() => desk.open('dye').add(typeOf('colour'))).toThrow(taken)
    types.close()
    desk.open('dye').add(typeOf('colour'))
  })

  test('take the places of those of the same plugin when it does, and not before', async () => {
    const judge = async (): Promise<unknown> => known.get('colour')!.faultOf('red', {})
    const [old, next] = [desk.open('paint'), desk.open('paint')]
    old.add(typeOf('colour', { validate: () => true }))
    const before = definitionOf('paint', old)
    registry.register(before)
    next.add(typeOf('colour', { validate: () => false }))
    expect(await judge()).toBeUndefined()
    registry.register(definitionOf('paint', next), before)
    expect(await judge()).toBe('it is no colour')
    old.close()
    expect(await judge()).toBe('it is no colour')
  })

  test('tell of changes, and of nothing else', () => {
    let changes = 0
    known.onChange(() => { changes++ })
    const types = desk.open('paint')
    types.add(typeOf('colour'))
    registry.register(definitionOf('paint', types))
    registry.register(definePlugin({ name: 'other' }))
    types.close()
    expect(changes).toBe(1)
  })
})

describe('a value', () => {
  test.each<[string, ValidationType['validate'], string | undefined]>([
    ['fits when the type says so', () => true, undefined],
    ['does not for false', () => false, 'it is no colour'],
    ['does not for nothing', () => undefined, 'it is no colour'],
    ['does not when there are messages, whatever the answer', (_, __, messages) => messages.push('too red', 7), 'too red, 7'],
    ['waits for a promise', (_, __, messages) => Promise.resolve().then(() => { messages.push('late') }), 'late'],
  ])('%s', async (_, validate, fault) => {
    expect(await inForce({ validate }).faultOf('red', {})).toBe(fault)
  })

  test.each<[string, ValidationType['validate'], string, string]>([
    ['throws', () => { throw new TypeError('no') }, 'plugin.runtime.unexpected_error', 'It comes from plugin "paint", validation type "colour"'],
    ['throws nothing', () => { throw undefined }, 'plugin.runtime.unexpected_error', '"paint"'],
    ['rejects', () => Promise.reject(new Error('no')), 'plugin.runtime.unexpected_error', '"paint"'],
    ['never answers', () => new Promise(() => undefined), 'plugin.runtime.call_timeout', '"paint"'],
  ])('is not judged by a type that %s: the plugin is blamed', async (_, validate, id, words) => {
    await expect(inForce({ validate }).faultOf('red', {})).rejects.toMatchObject({ id, message: expect.stringContaining(words) })
  })

  test('that takes long is logged, by plugin and type', async () => {
    await inForce({ validate: () => { now += 2; return true } }).faultOf('red', {})
    expect(logger.textsOf('warn')).toEqual([expect.stringContaining('Plugin "paint" took 2.0 ms for "validation:colour"')])
  })

  test('is not judged by a plugin in quarantine', async () => {
    const type = inForce({})
    supervisor.quarantine('paint', 'it is unwell')
    await expect(type.faultOf('red', {})).rejects.toMatchObject({ id: 'plugin.runtime.quarantined', status: 503 })
  })
})

describe('type options', () => {
  test.each<[string, ValidationType['validateFieldSpecification'], object]>([
    ['are those that it returns', () => ({ palette: ['red'] }), { palette: ['red'] }],
    ['are those that it was given and changed', (options) => Boolean(Object.assign(options, { palette: [] })), { palette: [], by: 1 }],
    ['are those that it was given when it says nothing', () => undefined, { by: 1 }],
  ])('%s', (_, validateFieldSpecification, expected) => {
    const written = { by: 1 }
    expect(inForce({ validateFieldSpecification }).checkOptions!(written, 'ink')).toEqual(expected)
    expect(written).toEqual({ by: 1 })
  })

  test.each<[string, ValidationType['validateFieldSpecification'], string]>([
    ['says no', () => false, 'its typeOptions are refused'],
    ['throws', () => { throw new Error('no list') }, 'no list'],
    ['promises', () => Promise.reject(new Error('later')), 'has to answer at once'],
  ])('are refused when the type %s, with field, type and plugin', (_, validateFieldSpecification, words) => {
    const type = inForce({ validateFieldSpecification })
    expect(() => type.checkOptions!({}, 'ink')).toThrow(expect.objectContaining({ message: expect.stringMatching(new RegExp(`"ink".*${words}.*type "colour" of plugin "paint"`)) }))
  })
})

describe('strictness', () => {
  test('is asked of types with children alone', () => {
    expect(inForce({ getStrictness: () => true }).strictnessOf).toBeUndefined()
  })

  test('is what the type says', () => {
    const type = inForce({ allowChildren: true, getStrictness: ({ strict }: { strict?: unknown }, around) => strict ?? around })
    expect([type.strictnessOf!({}, true), type.strictnessOf!({ strict: 0 }, true)]).toEqual([true, false])
  })

  test('that cannot be told is the plugin\'s fault', () => {
    const type = inForce({ allowChildren: true, getStrictness: () => { throw new Error('no idea') } })
    expect(() => type.strictnessOf!({}, true)).toThrow(expect.objectContaining({ id: 'plugin.runtime.unexpected_error', message: expect.stringContaining('"paint"') }))
  })
})

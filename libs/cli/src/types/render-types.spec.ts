import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { renderTypes } from './render-types.js'
import { declareType } from './schema-type.js'

interface Tree { readonly name: string; readonly children: Tree[] }
const tree: z.ZodType<Tree> = z.object({ name: z.string(), get children() { return z.array(tree) } })

const typeOf = (schema: z.ZodType): string => declareType(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>, 'T')

describe('a schema as a type', () => {
  test.each<[z.ZodType, string]>([
    [z.string().min(2), 'string'],
    [z.int(), 'number'],
    [z.null(), 'null'],
    [z.array(z.boolean()), '(boolean)[]'],
    [z.enum(['a', 'b']), '"a" | "b"'],
    [z.literal(7), '7'],
    [z.union([z.string(), z.object({})]), '(string | Record<string, unknown>)'],
    [z.tuple([z.string(), z.number()]), '[string, number]'],
    [z.record(z.string(), z.number()), 'Record<string, number>'],
    [z.object({}), 'Record<string, unknown>'],
    [z.unknown(), 'unknown'],
    [z.object({ a: z.string(), b: z.number().optional(), c: z.boolean().default(true) }), '{ "a": string; "b"?: number; "c"?: boolean }'],
    [z.object({ a: z.string().describe('The */ first\nline') }), '{ /** The * / first line */ "a": string }'],
    [tree, '{ "name": string; "children": (T)[] }'],
  ])('%#', (schema, type) => {
    expect(typeOf(schema)).toBe(`export type T = ${type}`)
  })

  test('brings the schemas that it defines for itself', () => {
    expect(declareType({ type: 'object', properties: { root: { $ref: '#/$defs/a node' } }, $defs: { 'a node': { type: ['string', 'null'] } } }, 'T'))
      .toBe('export type T = { "root"?: T_a_node }\nexport type T_a_node = string | null')
  })

  test('is all of what it joins', () => {
    expect(declareType({ allOf: [{ type: 'object', properties: { a: { type: 'string' } } }, { $ref: '#' }] }, 'T')).toBe('export type T = ({ "a"?: string } & T)')
  })

  test('knows nothing of what lies elsewhere', () => {
    expect(declareType({ $ref: 'https://example.org/schema' }, 'T')).toBe('export type T = unknown')
  })
})

describe('the files', () => {
  const files = renderTypes([
    { controller: 'shop/order', action: 'place', description: { summary: 'Places */ one.', input: { type: 'object', properties: { id: { type: 'string' } } }, output: {} } },
    { controller: 'shop/order', action: 'list', description: {} },
    { controller: 'api-v2', action: 'read', description: {} },
  ])

  test('name every action with what it takes and gives', () => {
    expect(files['mortise-actions.d.ts']).toContain([
      '  /** Places * / one. */',
      '  "shop/order:place": { input: ShopOrderPlaceInput; output: unknown }',
      '  "shop/order:list": { input: { body?: unknown; [argument: string]: unknown }; output: unknown }',
    ].join('\n'))
    expect(files['mortise-actions.d.ts']).toContain('export type ShopOrderPlaceInput = { "id"?: string }')
  })

  test('make the events of these actions known to plugins', () => {
    expect(files['mortise-events.d.ts']).toContain('    "shop/order": "place" | "list"\n    "api-v2": "read"\n')
  })
})

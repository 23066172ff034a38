import type { JsonSchema } from '@mortise/sdk'

interface Node {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Node
  readonly items?: Node
  readonly prefixItems?: readonly Node[]
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Node[]
  readonly oneOf?: readonly Node[]
  readonly allOf?: readonly Node[]
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Node>>
  readonly [keyword: string]: unknown
}

/**
 * A schema as declarations in TypeScript: its own type under `name`, and one
 * for each schema that it defines for itself. What TypeScript has no words
 * for (lengths, patterns, ranges) is left out; what JSON Schema says nothing
 * of is `unknown`.
 */
export function declareType(schema: JsonSchema, name: string): string {
  const { $defs = {}, ...own } = schema as Node
  const all = [[name, own] as const, ...Object.entries($defs).map(([key, definition]) => [definedName(name, key), definition] as const)]
  return all.map(([each, node]) => `export type ${each} = ${typeOf(node, name)}`).join('\n')
}

const definedName = (owner: string, key: string): string => `${owner}_${key.replace(/\W/g, '_')}`

function typeOf(node: Node, owner: string): string {
  const of = (each: Node): string => typeOf(each, owner)
  if (node.$ref !== undefined) return referred(node.$ref, owner)
  if (node.const !== undefined) return JSON.stringify(node.const)
  if (node.enum) return node.enum.map((value) => JSON.stringify(value)).join(' | ')
  const choice = node.anyOf ?? node.oneOf
  if (choice) return `(${choice.map(of).join(' | ')})`
  if (node.allOf) return `(${node.allOf.map(of).join(' & ')})`
  const types = typeof node.type === 'string' ? [node.type] : node.type ?? ['anything']
  return types.map((type) => (WORDS[type] ?? (() => 'unknown'))(node, of)).join(' | ')
}

function referred(reference: string, owner: string): string {
  if (reference === '#') return owner
  const [, key] = /^#\/\$defs\/(.+)$/.exec(reference) ?? []
  return key === undefined ? 'unknown' : definedName(owner, key)
}

const WORDS: Readonly<Record<string, (node: Node, of: (node: Node) => string) => string>> = {
  string: () => 'string',
  number: () => 'number',
  integer: () => 'number',
  boolean: () => 'boolean',
  null: () => 'null',
  array: ({ items, prefixItems }, of) => (prefixItems ? `[${prefixItems.map(of).join(', ')}]` : `(${items ? of(items) : 'unknown'})[]`),
  object: objectType,
}

function objectType({ properties = {}, required = [], additionalProperties }: Node, of: (node: Node) => string): string {
  const fields = Object.entries(properties).map(([key, value]) => `${commentOf(value)}${JSON.stringify(key)}${required.includes(key) ? '' : '?'}: ${of(value)}`)
  if (typeof additionalProperties === 'object' && fields.length === 0) return `Record<string, ${of(additionalProperties)}>`
  return fields.length > 0 ? `{ ${fields.join('; ')} }` : 'Record<string, unknown>'
}

/** A description may hold anything, the end of a comment too. */
const commentOf = ({ description }: Node): string =>
  (typeof description === 'string' ? `/** ${description.replaceAll('*/', '* /').replace(/\s+/g, ' ')} */ ` : '')

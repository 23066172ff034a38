import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { hostEvents, type Request } from '@mortise/sdk'
import { Validator } from '@seriousme/openapi-schema-validator'
import { z } from 'zod'
import { callAction } from '../../../../test/support/call-action.js'
import { definePlugin } from '../../../../test/support/define-plugin.js'
import { startBuiltIns, type StartedBuiltIns } from '../../../../test/support/start-built-ins.js'

interface Tree { readonly children: Tree[] }

const tree: z.ZodType<Tree> = z.object({ get children() { return z.array(tree) } })
const describeOutput = (schema: z.ZodType): Record<string, unknown> => z.toJSONSchema(schema) as Record<string, unknown>

const shop = definePlugin({
  name: 'shop',
  controllers: [{ name: 'shop/order', actions: [
    {
      name: 'place', handler: () => null,
      routes: [{ verb: 'POST', path: '/_/shop/order/:id' }, { verb: 'GET', path: '/_/shop/order/:id' }],
      description: {
        summary: 'Places <b>one</b> order.',
        input: describeOutput(z.object({ id: z.string().describe('Which order'), count: z.int().min(1).default(1), body: z.object({ items: z.array(z.object({ price: z.number() })) }) })),
        output: describeOutput(z.object({ roots: z.array(tree) })),
      },
    },
    { name: 'grow', handler: () => null, routes: [{ verb: 'POST', path: '/_/shop/tree' }], description: { input: describeOutput(z.object({ deep: z.boolean() })), output: describeOutput(tree) } },
    { name: 'whisper', handler: () => null, routes: [] },
  ] }],
})

let host: StartedBuiltIns

beforeEach(async () => {
  host = await startBuiltIns()
  host.registry.register(shop)
})
afterEach(() => host.stop())

const call = (action: string, args: object = {}): Promise<Request> => callAction(host.pipeline, { controller: 'server', action, ...args })

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- documents are looked into at any depth */
const read = async (action: string, scope: string): Promise<any> => JSON.parse(JSON.stringify((await call(action, { scope })).result))

/** Every reference of a document leads to something in it. */
function expectReferencesToLead(document: object): void {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path as string)
  const lost = references.filter((path) => path.split('/').reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document) === undefined)
  expect(lost).toEqual([])
  expect(references.length).toBeGreaterThan(0)
}

describe('OpenAPI', () => {
  test.each(['kuzzle', 'app', 'all'])('of scope "%s" is valid', async (scope) => {
    const document = await read('openapi', scope)
    expect(await new Validator().validate(structuredClone(document))).toMatchObject({ valid: true })
    expectReferencesToLead(document)
  })

  test('shows what an action takes where it is sent: in the path, the query string and the body', async () => {
    const { post, get } = (await read('openapi', 'app')).paths['/_/shop/order/{id}']
    expect(post).toMatchObject({
      summary: 'Places <b>one</b> order.', tags: ['shop/order'],
      parameters: [
        { name: 'id', in: 'path', required: true, schema: { type: 'string', description: 'Which order' } },
        { name: 'count', in: 'query', schema: { type: 'integer', minimum: 1, default: 1 } },
      ],
      requestBody: { required: true, content: { 'application/json': { schema: { properties: { items: { type: 'array' } } } } } },
    })
    expect(get).not.toHaveProperty('requestBody')
  })

  test('asks for no body where the schema names none', async () => {
    expect((await read('openapi', 'app')).paths['/_/shop/tree'].post).not.toHaveProperty('requestBody')
  })

  test('shows what an action answers within the envelope, recursive schemas too', async () => {
    const { paths, components } = await read('openapi', 'app')
    const { schema } = paths['/_/shop/tree'].post.responses[200].content['application/json']
    expect(schema).toMatchObject({ allOf: [{ $ref: '#/components/schemas/Answer' }, { properties: { result: { type: 'object' } } }] })
    expect(components.schemas['shop.order.grow.output']).toMatchObject({ properties: { children: { items: { $ref: '#/components/schemas/shop.order.grow.output' } } } })
  })
})

describe('AsyncAPI', () => {
  test.each(['kuzzle', 'app', 'all'])('of scope "%s" holds together', async (scope) => {
    const document = await read('asyncapi', scope)
    expect(document).toMatchObject({ asyncapi: '3.0.0', info: { version: '0.1.0' }, defaultContentType: 'application/json' })
    expect(Object.keys(document.operations)).toEqual(Object.keys(document.channels))
    expectReferencesToLead(document)
  })

  test('shows the events of an action with what its schemas tell', async () => {
    const { channels } = await read('asyncapi', 'app')
    expect(channels['shop.order.beforePlace']).toMatchObject({
      address: 'shop/order:beforePlace', messages: { message: { payload: { properties: { input: { required: ['id', 'count', 'body'] } } } } },
    })
    expect(channels['shop.order.afterPlace']).toMatchObject({ messages: { message: { payload: { properties: { result: { required: ['roots'] } } } } } })
    expect(Object.keys(channels).filter((id) => id.startsWith('shop.order'))).toHaveLength(9)
  })

  test('names every event of the host, and the frames of its door', async () => {
    const { channels, servers, operations } = await read('asyncapi', 'kuzzle')
    const addresses = Object.values(channels as Record<string, { address: string }>).map(({ address }) => address)
    expect(hostEvents.filter((event) => !addresses.includes(event))).toEqual([])
    expect(addresses).toContain('document:beforeCreate')
    expect(servers.websocket).toMatchObject({ protocol: 'ws', host: 'localhost:7512' })
    expect(operations['websocket.request']).toMatchObject({ action: 'receive' })
    expect(operations['websocket.notification']).toMatchObject({ action: 'send' })
  })

  test('comes as YAML too', async () => {
    expect((await call('asyncapi', { format: 'yaml' })).result).toMatch(/^"asyncapi": "3.0.0"\n/)
  })
})

describe('the page', () => {
  const page = async (): Promise<string> => (await call('docs')).result as string

  test('shows what an action takes and answers', async () => {
    const text = await page()
    const shown = ['<code>shop/order:place</code>', '<code>body.items[].price</code>', 'list of object', 'Which order', 'at least 1 · default 1', '<code>roots</code>']
    expect(shown.filter((words) => !text.includes(words))).toEqual([])
    expect(text).toContain('{&quot;controller&quot;:&quot;shop/order&quot;,&quot;action&quot;:&quot;place&quot;,&quot;id&quot;:&quot;…&quot;,&quot;count&quot;:1')
  })

  test('takes words of plugins for words', async () => {
    expect(await page()).toContain('Places &lt;b&gt;one&lt;/b&gt; order.')
    expect(await page()).not.toContain('<b>')
  })

  test('lists plugins before the host, and follows their coming and going', async () => {
    const text = await page()
    expect(text.indexOf('id="shop/order:place"')).toBeLessThan(text.indexOf('id="server:now"'))
    host.registry.register(definePlugin({ name: 'late', controllers: [{ name: 'late/one', actions: [{ name: 'come', handler: () => null, routes: [] }] }] }))
    expect(await page()).toContain('id="late/one:come"')
  })

  test('may run its own script and style, and reach nobody', async () => {
    const { response } = await call('docs')
    expect(response.getHeader('content-security-policy')).toMatch(/^default-src 'none'; script-src 'sha256-[^ ]+'; style-src 'sha256-[^ ]+'; base-uri 'none'/)
    expect(response.getHeader('content-type')).toBe('text/html; charset=utf-8')
    expect(await page()).not.toMatch(/(src|href)="(https?:)?\/\//)
  })
})

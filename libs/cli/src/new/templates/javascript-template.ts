import { toJson, workingOn, type PluginFacts, type Template } from './template.js'

/** A plugin without a compiler: the classic shape as an ES module. */
export const javascriptTemplate: Template = {
  description: 'JavaScript without a build: a class with init, an api, pipes and hooks',
  files: (facts) => ({
    'package.json': toJson({
      name: facts.name, version: '0.1.0', description: 'Greets people, and stamps notes', private: true, type: 'module', exports: './index.js', files: ['index.js', 'manifest.json', 'README.md'],
    }),
    'manifest.json': toJson({ name: facts.name, kuzzleVersion: '>=2.0.0 <3.0.0' }),
    'README.md': readme(facts),
    'index.js': plugin(facts),
    [`test/${facts.name}.spec.js`]: spec(facts),
  }),
}

const plugin = ({ name, type }: PluginFacts): string => `const DEFAULTS = { greeting: 'Hello', collection: 'notes' }

export default class ${type} {
  /**
   * Called once, before anything else. What it puts on the instance is read after it has ended.
   *
   * @param config - \`plugins.${name}\` of the configuration.
   * @param context - The host's services: \`log\`, \`accessors\`, \`errors\`, \`secrets\`.
   */
  async init(config, context) {
    this.config = { ...DEFAULTS, ...config }
    this.context = context
    this.api = {
      '${name}': { actions: { greet: { handler: (request) => this.greet(request), http: [{ verb: 'get', path: '${name}/greetings/:name' }] } } },
    }
    this.pipes = { 'document:beforeCreate': 'check' }
    this.hooks = { 'document:afterDelete': 'log' }
  }

  /** An action: \`GET /_/${name}/greetings/:name\`, and \`${name}:greet\` over every transport. */
  async greet(request) {
    return { greeting: \`\${this.config.greeting} \${request.input.args.name}\` }
  }

  /** A pipe is awaited. It may change the document before it is stored, and what it throws refuses the request. */
  async check(request) {
    if (request.input.resource.collection !== this.config.collection) return request
    const note = request.input.body
    if (typeof note.title !== 'string') throw new this.context.errors.BadRequestError('A note needs a title.')
    note.writtenAt = Date.now()
    return request
  }

  /** A hook is told, and nobody waits for it. */
  log(request) {
    this.context.log.info(\`\${request.input.resource._id} is gone\`)
  }
}
`

const spec = ({ name, type }: PluginFacts): string => `import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createTestHost } from '@mortise/sdk/testing'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('..', import.meta.url))
let host

beforeEach(async () => {
  host = await createTestHost({ plugins: [folder], config: { '${name}': { greeting: 'Salut' } } })
  await host.createCollection('desk', 'notes')
})
afterEach(() => host.close())

test('greets as it is configured, over its action and its URL', async () => {
  expect(await host.call({ controller: '${name}', action: 'greet', name: 'Ann' })).toEqual({ greeting: 'Salut Ann' })
  const answer = await host.fetch('/_/${name}/greetings/Ann')
  expect([answer.status, await answer.json()]).toMatchObject([200, { result: { greeting: 'Salut Ann' } }])
})

test('stamps notes, and refuses one without a title', async () => {
  const { _source } = await host.document.create('desk', 'notes', { title: 'milk' })
  expect(_source).toMatchObject({ title: 'milk', writtenAt: expect.any(Number) })
  await expect(host.document.create('desk', 'notes', {})).rejects.toMatchObject({ status: 400, message: expect.stringContaining('needs a title') })
})

test('${type} logs what is deleted', async () => {
  await host.document.create('desk', 'notes', { title: 'milk' }, 'n1')
  await host.document.delete('desk', 'notes', 'n1')
  expect(host.logs).toContainEqual(expect.objectContaining({ message: expect.stringContaining('n1 is gone') }))
})
`

const readme = ({ name }: PluginFacts): string => `# ${name}

Greets people, and looks after notes: each needs a title and is stamped with \`writtenAt\`. Plain JavaScript in the classic shape;
nothing is compiled.

Reached as \`${name}:greet\` and \`GET /_/${name}/greetings/:name\`.

| setting | default | |
|---|---|---|
| \`greeting\` | \`"Hello"\` | the word before the name |
| \`collection\` | \`"notes"\` | the collection whose documents are notes |

${workingOn(name, false)}`

import { compiledPackage, workingOn, type PluginFacts, type Template } from './template.js'

/** A decorated plugin with one of each: action, route, pipe, hook, provider, storage, settings. */
export const typescriptTemplate: Template = {
  description: 'decorated TypeScript: actions, a pipe, a hook, storage and settings',
  files: (facts) => ({
    'package.json': compiledPackage(facts, 'Greets people, and looks after notes'),
    'README.md': readme(facts),
    'src/index.ts': plugin(facts),
    'src/settings.ts': settings(facts),
    'src/greetings.ts': greetings(),
    'src/greetings.controller.ts': controller(facts),
    [`test/${facts.name}.spec.ts`]: spec(facts),
  }),
}

const plugin = ({ name, type, host }: PluginFacts): string => `import { BadRequestError, Config, Hook, Logger, Pipe, Plugin, type Request } from '@mortise/sdk'
import { GreetingsController } from './greetings.controller.js'
import { Greetings } from './greetings.js'
import { settings, type Settings } from './settings.js'

@Plugin({ name: '${name}', host: '${host}', config: settings, controllers: [GreetingsController], providers: [Greetings] })
export default class ${type} {
  constructor(private readonly config: Config<Settings>, private readonly logger: Logger) {}

  /** A pipe is awaited. It may change the document before it is stored, and what it throws refuses the request. */
  @Pipe('document:beforeCreate')
  check(request: Request) {
    if (request.getCollection() !== this.config.get('collection')) return request
    const note = request.getBody()
    if (typeof note.title !== 'string') throw new BadRequestError('A note needs a title.')
    note.writtenAt = Date.now()
    return request
  }

  /** A hook is told, and nobody waits for it. */
  @Hook('document:afterDelete')
  log(request: Request) {
    this.logger.info(\`\${request.getIndex()}/\${request.getCollection()}: \${request.getId()} is gone\`)
  }
}
`

const settings = ({ name }: PluginFacts): string => `import { z } from 'zod'

/** The section \`plugins.${name}\` of the configuration. */
export const settings = z.object({
  greeting: z.string().default('Hello'),
  /** Documents of this collection are notes. */
  collection: z.string().default('notes'),
})

export type Settings = z.output<typeof settings>
`

const greetings = (): string => `import { Config, Injectable, PluginStore, type Repository } from '@mortise/sdk'
import type { Settings } from './settings.js'

interface Visitor { visits: number }

/** Greets people and counts their visits, in storage that only this plugin reaches. */
@Injectable()
export class Greetings {
  private readonly visitors: Repository<Visitor>

  constructor(private readonly config: Config<Settings>, store: PluginStore) {
    this.visitors = store.repository<Visitor>('visitors')
  }

  async greet(name: string): Promise<{ greeting: string; visits: number }> {
    const known = await this.visitors.get(name)
    const { visits } = await this.visitors.createOrReplace({ _id: name, visits: (known?.visits ?? 0) + 1 })
    return { greeting: \`\${this.config.get('greeting')} \${name}\`, visits }
  }

  /** Whether somebody of that name was known. */
  forget(name: string): Promise<boolean> {
    return this.visitors.delete(name)
  }

  async count(): Promise<number> {
    return (await this.visitors.search({ size: 0 })).total
  }
}
`

const controller = ({ name }: PluginFacts): string => `import { Action, Controller, Delete, Get, type Request } from '@mortise/sdk'
import { Greetings } from './greetings.js'

@Controller('greetings')
export class GreetingsController {
  constructor(private readonly greetings: Greetings) {}

  /** \`GET /_/${name}/greetings/:name\`, and \`${name}/greetings:greet\` over every transport. */
  @Get('/:name')
  greet(request: Request) {
    return this.greetings.greet(request.getString('name'))
  }

  /** \`DELETE /_/${name}/greetings/:name\`. */
  @Delete('/:name')
  async forget(request: Request) {
    return { forgotten: await this.greetings.forget(request.getString('name')) }
  }

  /** Has no URL: \`POST /_query\` with \`{ "controller": "${name}/greetings", "action": "count" }\`, or the same over WebSocket. */
  @Action()
  async count() {
    return { visitors: await this.greetings.count() }
  }
}
`

const spec = ({ name, type }: PluginFacts): string => `import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createTestHost, type TestHost } from '@mortise/sdk/testing'
import ${type} from '../src/index.js'

let host: TestHost

beforeEach(async () => {
  host = await createTestHost({ plugins: [${type}], config: { '${name}': { greeting: 'Salut' } } })
  await host.createCollection('desk', 'notes')
})
afterEach(() => host.close())

const ask = (action: string, name?: string): Promise<unknown> => host.call({ controller: '${name}/greetings', action, name })

test('greets as it is configured, and counts', async () => {
  expect(await ask('greet', 'Ann')).toEqual({ greeting: 'Salut Ann', visits: 1 })
  expect(await ask('greet', 'Ann')).toEqual({ greeting: 'Salut Ann', visits: 2 })
  expect(await ask('count')).toEqual({ visitors: 1 })
  expect(await ask('forget', 'Ann')).toEqual({ forgotten: true })
  expect(await ask('count')).toEqual({ visitors: 0 })
})

test('answers over HTTP', async () => {
  const answer = await host.fetch('/_/${name}/greetings/Ann')
  expect([answer.status, await answer.json()]).toMatchObject([200, { result: { greeting: 'Salut Ann' } }])
})

test('stamps notes, and refuses one without a title', async () => {
  const { _source } = await host.document.create('desk', 'notes', { title: 'milk' })
  expect(_source).toMatchObject({ title: 'milk', writtenAt: expect.any(Number) })
  await expect(host.document.create('desk', 'notes', {})).rejects.toMatchObject({ status: 400, message: expect.stringContaining('needs a title') })
})

test('logs what is deleted', async () => {
  await host.document.create('desk', 'notes', { title: 'milk' }, 'n1')
  await host.document.delete('desk', 'notes', 'n1')
  expect(host.logs).toContainEqual(expect.objectContaining({ plugin: '${name}', message: 'desk/notes: n1 is gone' }))
})
`

const readme = ({ name }: PluginFacts): string => `# ${name}

Greets people, counts their visits, and looks after notes: each needs a title and is stamped with \`writtenAt\`.

| reached as | |
|---|---|
| \`${name}/greetings:greet\` | \`GET /_/${name}/greetings/:name\` |
| \`${name}/greetings:forget\` | \`DELETE /_/${name}/greetings/:name\` |
| \`${name}/greetings:count\` | \`POST /_query\`, WebSocket |

| setting | default | |
|---|---|---|
| \`greeting\` | \`"Hello"\` | the word before the name |
| \`collection\` | \`"notes"\` | the collection whose documents are notes |

${workingOn(name)}`

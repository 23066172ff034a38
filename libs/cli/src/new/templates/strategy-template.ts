import { compiledPackage, workingOn, type PluginFacts, type Template } from './template.js'

/** A way to log in, with credentials that the plugin keeps. */
export const strategyTemplate: Template = {
  description: 'a way to log in: a Passport strategy and the credentials it checks',
  files: (facts) => ({
    'package.json': compiledPackage(facts, 'Logs users in by a badge and its pin'),
    'README.md': readme(facts),
    'src/index.ts': plugin(facts),
    'src/settings.ts': settings(facts),
    'src/badge-strategy.ts': strategy(facts),
    'src/badge-credentials.ts': credentials(facts),
    [`test/${facts.name}.spec.ts`]: spec(facts),
  }),
}

const plugin = ({ name, type, host }: PluginFacts): string => `import { Plugin } from '@mortise/sdk'
import { BadgeCredentials } from './badge-credentials.js'
import { settings } from './settings.js'

/** Lets users log in with \`strategy=${name}\`, by a badge and its pin. */
@Plugin({ name: '${name}', host: '${host}', config: settings, providers: [BadgeCredentials] })
export default class ${type} {}
`

const settings = ({ name }: PluginFacts): string => `import { z } from 'zod'

/** The section \`plugins.${name}\` of the configuration. */
export const settings = z.object({
  /** Digits that a pin has at least. */
  pinLength: z.number().int().min(4).default(6),
})

export type Settings = z.output<typeof settings>
`

const strategy = ({ name }: PluginFacts): string => `import type { PassportRequest } from '@mortise/sdk'

type Verify = (request: PassportRequest, badge: string, pin: string, done: (error: unknown, user?: unknown, info?: unknown) => void) => void

/** What the host puts on a Passport strategy for an attempt. */
interface Attempt {
  success(user: unknown): void
  fail(challenge: unknown): void
  error(error: unknown): void
}

/** Reads \`badge\` and \`pin\` out of the body. One of the many Passport packages may take its place. */
export class BadgeStrategy {
  readonly name = '${name}'

  constructor(_options: object, private readonly verify: Verify) {}

  authenticate(this: this & Attempt, request: PassportRequest): void {
    const { badge, pin } = request.body as Record<string, unknown>
    if (typeof badge !== 'string' || typeof pin !== 'string') return this.fail({ message: 'Missing credentials' })
    this.verify(request, badge, pin, (error, user, info) => {
      if (error) return this.error(error)
      return user ? this.success(user) : this.fail(info)
    })
  }
}
`

const credentials = ({ name }: PluginFacts): string => `import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import {
  BadRequestError, Config, NotFoundError, PluginStore, PreconditionError, Strategy,
  type CredentialsOf, type PassportRequest, type Repository, type Request, type Stored, type StrategyMethods, type Verified,
} from '@mortise/sdk'
import { BadgeStrategy } from './badge-strategy.js'
import type { Settings } from './settings.js'

/** Whose badge it is, and its pin as a salted hash; the id is the badge. */
interface Badge { kuid: string; salt: string; hash: string }

const REFUSAL = { kuid: null, message: 'wrong badge or pin' }
const NOBODY = { salt: '00', hash: '00'.repeat(32) }

const hashOf = (pin: string, salt: string): Buffer => scryptSync(pin, Buffer.from(salt, 'hex'), 32)

/** Keeps badges, and says whose they are. What is returned is sent to clients, so no hash is in it. */
@Strategy('${name}', { strategy: BadgeStrategy, fields: ['badge', 'pin'] })
export class BadgeCredentials implements StrategyMethods {
  private readonly badges: Repository<Badge>

  constructor(private readonly config: Config<Settings>, store: PluginStore) {
    const keyword = { type: 'keyword' }
    this.badges = store.repository<Badge>('badges', { mappings: { properties: { kuid: keyword, salt: keyword, hash: keyword } } })
  }

  /** Takes as long for a badge that nobody has as for a wrong pin. */
  async verify(_request: PassportRequest, badge: string, pin: string): Promise<Verified> {
    const known = await this.badges.get(badge)
    const { salt, hash } = known ?? NOBODY
    const isRight = timingSafeEqual(hashOf(pin, salt), Buffer.from(hash, 'hex'))
    return known && isRight ? { kuid: known.kuid } : REFUSAL
  }

  async exists(_request: Request, kuid: string): Promise<boolean> {
    return await this.of(kuid) !== undefined
  }

  async validate(_request: Request, { badge, pin }: CredentialsOf, kuid: string): Promise<true> {
    const length = this.config.get('pinLength')
    if (typeof badge !== 'string' || badge === '') throw new BadRequestError('Credentials need a "badge".')
    if (typeof pin !== 'string' || pin.length < length) throw new BadRequestError(\`Credentials need a "pin" of \${length} digits or more.\`)
    const owner = (await this.badges.get(badge))?.kuid ?? kuid
    if (owner !== kuid) throw new PreconditionError(\`The badge "\${badge}" is somebody else's.\`)
    return true
  }

${keeping()}`

/** The second half of the class: what changes and shows credentials. */
const keeping = (): string => `  async create(_request: Request, { badge, pin }: CredentialsOf, kuid: string): Promise<object> {
    const salt = randomBytes(16).toString('hex')
    await this.badges.createOrReplace({ _id: badge, kuid, salt, hash: hashOf(pin, salt).toString('hex') })
    return { badge, kuid }
  }

  async update(request: Request, given: CredentialsOf, kuid: string): Promise<object> {
    await this.delete(request, kuid)
    return this.create(request, given, kuid)
  }

  async delete(_request: Request, kuid: string): Promise<void> {
    const known = await this.of(kuid)
    if (!known) throw new NotFoundError(\`User "\${kuid}" has no badge.\`)
    await this.badges.delete(known._id)
  }

  async getInfo(_request: Request, kuid: string): Promise<object> {
    return { kuid, badge: (await this.of(kuid))?._id }
  }

  private async of(kuid: string): Promise<Stored<Badge> | undefined> {
    return (await this.badges.search({ query: { term: { kuid } }, size: 1 })).hits[0]
  }
}
`

const spec = ({ name, type }: PluginFacts): string => `import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createTestHost, type TestHost } from '@mortise/sdk/testing'
import ${type} from '../src/index.js'

let host: TestHost

const createUser = (_id: string, badge: string, pin: string): Promise<unknown> =>
  host.call({ controller: 'security', action: 'createUser', _id, body: { content: { profileIds: ['default'] }, credentials: { '${name}': { badge, pin } } } })
const logIn = (badge: string, pin?: string): Promise<unknown> =>
  host.call({ controller: 'auth', action: 'login', strategy: '${name}', body: { badge, pin } })

beforeEach(async () => { host = await createTestHost({ plugins: [${type}] }) })
afterEach(() => host.close())

test('logs in by badge and pin, and by no other', async () => {
  await createUser('ann', 'b-1', '123456')
  expect(await logIn('b-1', '123456')).toMatchObject({ _id: 'ann', jwt: expect.any(String) })
  for (const [badge, pin] of [['b-1', '654321'], ['b-2', '123456']] as const) {
    await expect(logIn(badge, pin)).rejects.toMatchObject({ status: 401, message: 'wrong badge or pin' })
  }
  await expect(logIn('b-1')).rejects.toMatchObject({ status: 401, message: 'Missing credentials' })
})

test('takes no short pin, and no badge of somebody else', async () => {
  await expect(createUser('ann', 'b-1', '12')).rejects.toThrow('6 digits')
  await createUser('ann', 'b-1', '123456')
  await expect(createUser('bob', 'b-1', '123456')).rejects.toThrow('somebody else')
})

test('shows a badge and never its pin', async () => {
  await createUser('ann', 'b-1', '123456')
  const info = await host.call({ controller: 'security', action: 'getCredentials', strategy: '${name}', _id: 'ann' })
  expect(info).toEqual({ kuid: 'ann', badge: 'b-1' })
})
`

const readme = ({ name }: PluginFacts): string => `# ${name}

Logs users in by a badge and its pin, as the strategy \`${name}\`. Pins are kept as salted hashes.

\`\`\`
$ curl localhost:7512/_login/${name} -H 'content-type: application/json' -d '{ "badge": "b-1", "pin": "123456" }'
\`\`\`

| setting | default | |
|---|---|---|
| \`pinLength\` | \`6\` | digits that a pin has at least |

${workingOn(name)}`

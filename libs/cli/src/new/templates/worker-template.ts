import { compiledPackage, workingOn, type PluginFacts, type Template } from './template.js'

/** A plugin that computes for long, and so runs in a process of its own. */
export const workerTemplate: Template = {
  description: 'heavy work in a process of its own, so that the host goes on answering',
  files: (facts) => ({
    'package.json': compiledPackage(facts, 'Counts primes in a process of its own'),
    'README.md': readme(facts),
    'src/index.ts': plugin(facts),
    'src/settings.ts': settings(facts),
    'src/primes.ts': primes(),
    'src/primes.controller.ts': controller(facts),
    [`test/${facts.name}.spec.ts`]: spec(facts),
  }),
}

const plugin = ({ name, type, host }: PluginFacts): string => `import { Hook, Logger, Plugin, type EventDocument } from '@mortise/sdk'
import { PrimesController } from './primes.controller.js'
import { settings } from './settings.js'

/** Only what can be cloned crosses to another process: no functions, streams or sockets in what is returned. */
@Plugin({ name: '${name}', host: '${host}', config: settings, controllers: [PrimesController] })
export default class ${type} {
  constructor(private readonly logger: Logger) {}

  @Hook('generic:document:afterWrite')
  log(documents: EventDocument[]) {
    this.logger.debug(\`\${documents.length} written, told in process \${process.pid}\`)
  }

  /** Called before the process ends. */
  onModuleDestroy() {
    this.logger.debug('done')
  }
}
`

const settings = ({ name }: PluginFacts): string => `import { z } from 'zod'

/** The section \`plugins.${name}\` of the configuration, beside \`isolation\` and \`memory\`, which are the host's. */
export const settings = z.object({
  /** The largest number that is counted up to. */
  limit: z.number().int().positive().default(5_000_000),
})

export type Settings = z.output<typeof settings>
`

const primes = (): string => `/** How many primes there are up to a number, by the sieve of Eratosthenes. */
export function countPrimes(last: number): number {
  const isComposite = new Uint8Array(last + 1)
  let count = 0
  for (let number = 2; number <= last; number++) {
    if (isComposite[number]) continue
    count++
    for (let multiple = number * number; multiple <= last; multiple += number) isComposite[multiple] = 1
  }
  return count
}
`

const controller = ({ name }: PluginFacts): string => `import { BadRequestError, Config, Controller, Get, type Request } from '@mortise/sdk'
import { countPrimes } from './primes.js'
import type { Settings } from './settings.js'

@Controller('primes')
export class PrimesController {
  constructor(private readonly config: Config<Settings>) {}

  /** \`GET /_/${name}/primes/:last\`: how many primes there are up to it, and which process has counted. */
  @Get('/:last')
  count(request: Request) {
    const last = request.getInteger('last')
    const limit = this.config.get('limit')
    if (last < 0 || last > limit) throw new BadRequestError(\`"last" must lie between 0 and \${limit}.\`)
    return { count: countPrimes(last), process: process.pid }
  }
}
`

const spec = ({ name, type }: PluginFacts): string => `import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createTestHost, type TestHost } from '@mortise/sdk/testing'
import ${type} from '../src/index.js'

let host: TestHost

beforeEach(async () => { host = await createTestHost({ plugins: [${type}], config: { '${name}': { limit: 1000 } } }) })
afterEach(() => host.close())

const count = (last: unknown): Promise<unknown> => host.call({ controller: '${name}/primes', action: 'count', last })

test('counts primes', async () => {
  expect(await count(100)).toMatchObject({ count: 25 })
  expect(await count(0)).toMatchObject({ count: 0 })
})

test.each([-1, 1001, 'many'])('refuses to count up to %p', async (last) => {
  await expect(count(last)).rejects.toMatchObject({ status: 400 })
})
`

const readme = ({ name }: PluginFacts): string => `# ${name}

Counts primes: work that would keep a process from anything else. So it runs in one of its own, and restarts when it breaks.
Where it runs is a line of \`mortise.config.json\`; without it, the plugin runs in the host:

\`\`\`json
{ "plugins": { "${name}": { "isolation": "process", "memory": 128 } } }
\`\`\`

\`isolation\` is \`inline\`, \`thread\` or \`process\`; \`memory\` is megabytes of heap.

| reached as | |
|---|---|
| \`${name}/primes:count\` | \`GET /_/${name}/primes/:last\` |

| setting | default | |
|---|---|---|
| \`limit\` | \`5000000\` | the largest number that is counted up to |

${workingOn(name)}`

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startHost, type StartedHost } from '../../support/start-host.js'
import { until } from '../../support/until.js'

/** Says one message of each kind through the log that the host gives to plugins. */
class ChatterPlugin {
  private log!: Record<'info' | 'warn' | 'error', (message: unknown) => void>
  private NotFoundError!: new (message: string) => Error

  readonly api = {
    chatter: {
      actions: {
        speak: {
          handler: async (): Promise<void> => {
            this.log.info('info message')
            this.log.warn('warn message')
            this.log.error(new this.NotFoundError('boom'))
            this.log.error({ a: 1 })
          },
          http: [{ verb: 'post', path: 'chatter' }],
        },
      },
    },
  }

  init(_config: unknown, context: { log: ChatterPlugin['log']; errors: { NotFoundError: ChatterPlugin['NotFoundError'] } }): void {
    this.log = context.log
    this.NotFoundError = context.errors.NotFoundError
  }
}

describe('kuzzle-plugin-logger', () => {
  let folder: string
  let filename: string
  let host: StartedHost

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mortise-logger-'))
    filename = join(folder, 'host.log')
    host = await startHost({
      installed: ['kuzzle-plugin-logger'],
      plugins: [new ChatterPlugin()],
      config: { plugins: { 'kuzzle-plugin-logger': { services: { file: { level: 'warn', filename, addDate: true, dateFormat: 'YYYY' } } } } },
    })
  })
  afterAll(async () => {
    await host.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('writes warnings and errors of the host\'s log into its file, and nothing below', async () => {
    expect(await host.ask('POST', '/_/chatter')).toMatchObject({ status: 200 })
    const lines = (): string[] => readFileSync(filename, 'utf8').split('\n').filter(Boolean).map((line) => (JSON.parse(line) as { message: string }).message)
    await until(lines, ({ length }) => length >= 3)
    const year = new Date().getFullYear()
    expect(lines()).toEqual([
      `${year} [LOG:WARN] warn message`,
      expect.stringMatching(new RegExp(`^${year} \\[LOG:ERROR\\] \\(404\\) NotFoundError: boom`)),
      `${year} [LOG:ERROR] {"a":1}`,
    ])
  })

  test('keeps the host from starting when it is told to write where it cannot', async () => {
    const config = { plugins: { 'kuzzle-plugin-logger': { services: { nope: {} } } } }
    const failed = startHost({ installed: ['kuzzle-plugin-logger'], config })
    await expect(failed).rejects.toThrow('[kuzzle-plugin-logger] Unable to find service nope')
    await expect(failed).rejects.toMatchObject({
      faults: [{ id: 'plugin.runtime.failed_init', cause: { name: 'InternalError', message: '[kuzzle-plugin-logger] Unable to find service nope' } }],
    })
  })
})

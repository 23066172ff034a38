import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { Action, Controller, Hook, NotFoundError, Pipe, Plugin, Request } from '@mortise/sdk'
import type { PluginReader } from '@app/pipeline'
import { createLoader, HOST_VERSION } from '../../../test/support/create-loader.js'
import { definePlugin } from '../../../test/support/define-plugin.js'
import { BootError } from './boot-report.js'
import { DecoratedReader } from './decorated/decorated-reader.js'
import { Loader } from './loader.js'

const opened: ReturnType<typeof createLoader>[] = []
const open = (options?: Parameters<typeof createLoader>[0]) => {
  const host = createLoader(options)
  opened.push(host)
  return host
}

/** The report of a boot that must fail. */
async function reportOf({ loader }: { loader: { load(): Promise<unknown> } }): Promise<string> {
  const error = await loader.load().catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(BootError)
  return (error as BootError).message
}

afterEach(async () => {
  for (const { loader, remove } of opened.splice(0)) {
    await loader.close()
    remove()
  }
})

describe('a boot', () => {
  test('brings an enabled folder to a client\'s answer', async () => {
    const { loader, pipeline, registry } = open({ fixtures: ['that-greets'], config: { 'that-greets': { greeting: 'Good day' } } })
    await loader.load()
    const answer = await pipeline.run(new Request({ controller: 'that-greets/hello', action: 'sayHello', name: 'Ada' }))
    expect(answer.error).toBeNull()
    expect(answer.result).toBe('Good day, Ada!')
    expect(registry.routes.all.map(({ verb, path }) => `${verb} ${path}`)).toEqual([
      'GET /_plugin/that-greets/hello/:name', 'GET /_/that-greets/hello/:name',
    ])
  })

  test('is what its room\'s page shows', async () => {
    const { registry, servicesFor, section, root, remove } = createLoader({ fixtures: ['that-greets'] })
    const said: unknown[] = []
    const loader = new Loader({ registry, readers: [new DecoratedReader(HOST_VERSION)], servicesFor, config: section, root })
    const report = await loader.load()
    said.push(String(report), report.notices)
    await loader.close()
    expect(said).toEqual([expect.stringMatching(/^that-greets {2}1\.0\.0 /), []])
    expect(registry.routes.all.filter(({ path }) => path.includes('that-greets'))).toEqual([])
    remove()
  })

  test('reports what it brought up, in load order and with the time each took', async () => {
    const { loader } = open({ fixtures: ['that-greets', 'that-carries-its-own-sdk'] })
    const report = await loader.load()
    expect(report.plugins.map(({ definition }) => definition.name)).toEqual(['that-carries-its-own-sdk', 'that-greets'])
    expect(report.plugins.every(({ milliseconds }) => milliseconds > 0)).toBe(true)
    expect(String(report)).toMatch(/^that-carries-its-own-sdk {2}1\.0\.0 {2}decorated {2}\S+ ms\s+plugins\/enabled\/that-carries-its-own-sdk\nthat-greets {15}1\.0\.0/)
  })

  test('notices a section of the configuration that belongs to no plugin', async () => {
    const { loader } = open({ fixtures: ['that-greets'], config: { 'that-greet': { greeting: 'Hi' } } })
    expect((await loader.load()).notices).toEqual(['The configuration has plugins.that-greet, but no plugin "that-greet" is loaded. Did you mean "that-greets"?'])
  })

  test('that a plugin keeps waiting is told with the time that each plugin took', async () => {
    const report = await reportOf(open({ fixtures: ['that-greets', 'that-never-ends-init', 'that-throws-in-init'], config: { 'that-never-ends-init': { budget: { initTimeout: 20 } } } }))
    expect(report).toContain('Plugin "that-never-ends-init" failed to start: it has not finished within 20 ms.')
    expect(report).toMatch(/The start so far, plugin by plugin:\n {2}that-greets {11} +[\d.]+ ms\n {2}that-never-ends-init {2} +[\d.]+ ms {2}not finished\n {2}that-throws-in-init {3} +[\d.]+ ms {2}failed$/)
  })

  test.each(['that-throws-on-import', 'that-needs-a-greeting', 'that-never-ends-init', 'that-takes-a-taken-route', 'that-hooks-an-unknown-event'])('goes on without %s, when that is not required', async (name) => {
    const { loader, registry, pipeline } = open({ fixtures: ['that-greets', name], config: { [name]: { required: false }, common: { initTimeout: 200 } } })
    const report = await loader.load()
    expect(report.missing.map((missing) => missing.name)).toEqual([name])
    expect(report.missing[0]?.error.faults.length).toBeGreaterThan(0)
    expect(registry.plugins.map((plugin) => plugin.name)).toEqual(['built-in', 'that-greets'])
    expect(report.notices).toEqual([])
    expect((await pipeline.run(new Request({ controller: 'that-greets/hello', action: 'sayHello', name: 'Ada' }))).error).toBeNull()
  })

  test('does not hold it against others that an optional plugin is missing', async () => {
    @Plugin({ name: 'friend' })
    class Friend {
      @Hook('server:afterNow', { after: 'that-throws-in-init' })
      hear() { return undefined }
    }
    const { loader } = open({ fixtures: ['that-throws-in-init'], config: { 'that-throws-in-init': { required: false } } })
    expect((await loader.load([{ exported: Friend, place: 'code' }])).plugins.map(({ definition }) => definition.name)).toEqual(['friend'])
  })

  test('keeps the host\'s keys of its section from a plugin', async () => {
    let seen: unknown
    const reader: PluginReader = {
      accepts: ({ exported }) => exported === 'mine',
      identify: () => ({ name: 'mine', version: '1.0.0' }),
      start: async (_candidate, { config }) => { seen = config; return { definition: definePlugin({ name: 'mine' }), close: async () => undefined } },
    }
    await open({ readers: [reader], config: { mine: { required: true, budget: { timeout: 5 }, own: 1 } } }).loader.load([{ exported: 'mine', place: 'code' }])
    expect(seen).toEqual({ own: 1 })
  })

  test('of an empty folder is a success that reports nothing', async () => {
    const { loader, enabled } = open()
    writeFileSync(join(enabled, '.gitkeep'), '')
    expect(String(await loader.load())).toBe('')
  })

  test('loads packages named in the configuration before the folder', async () => {
    const { loader, root } = open({ fixtures: ['that-carries-its-own-sdk'], config: { common: { include: ['that-greets'] } } })
    mkdirSync(join(root, 'node_modules'))
    symlinkSync(join(process.cwd(), 'test/fixtures/plugins/that-greets'), join(root, 'node_modules/that-greets'))
    const { plugins } = await loader.load()
    expect(plugins.map(({ definition }) => definition.place)).toEqual(['that-greets', 'plugins/enabled/that-carries-its-own-sdk'])
  })

  test('serves a plugin that carries its own copy of the SDK like any other', async () => {
    const { loader, pipeline, loggers } = open({ fixtures: ['that-carries-its-own-sdk'] })
    await loader.load()
    const answer = await pipeline.run(new Request({ controller: 'that-carries-its-own-sdk/odd', action: 'find' }))
    expect(answer.error).toMatchObject({ status: 404, message: 'not here' })
    expect(loggers.get('that-carries-its-own-sdk')?.textsOf('info')).toEqual(['looks for it'])
  })
})

describe('a boot that fails', () => {
  test('tells every fault in one report and leaves nothing running', async () => {
    const host = open({ fixtures: ['that-greets', 'that-throws-on-import', 'that-throws-in-init', 'that-is-no-plugin'] })
    const before = host.registry.plugins.length
    const report = await reportOf(host)
    expect(report.match(/^plugin\./gm)).toHaveLength(3)
    expect(host.registry.plugins).toHaveLength(before)
    expect(host.loader.folders).toEqual([])
  })

  test('names a plugin that throws on import', async () => {
    expect(await reportOf(open({ fixtures: ['that-throws-on-import'] }))).toMatch(
      /^plugin\.runtime\.unexpected_error: Caught an unexpected plugin error: "plugins\/enabled\/that-throws-on-import" threw while it was imported: the moon is full\n {2}at {4}plugins\/enabled\/that-throws-on-import → index\.js:1:7\n {2}do {4}\S/)
  })

  test.each([
    ['shop/cart:afterPay', 'Enable plugin "shop", or listen to what another one tells.'],
    ['plugin-shop:settled', 'Enable plugin "shop", or listen to what another one tells.'],
    ['warehouse*', 'Write a pattern as "document:before*", "document:after*", "document:*" or "*:*".'],
    ['settled', 'Name an event such as "document:afterCreate", or "plugin-<name>:<event>" for what a plugin triggers.'],
    ['notify:created', 'Did you mean "notify:'],
  ])('tells who listens to "%s" what to do', async (event, hint) => {
    class Deaf { listen() {} }
    Hook(event as '*:*')(Deaf.prototype, 'listen', Object.getOwnPropertyDescriptor(Deaf.prototype, 'listen') as never)
    Plugin({ name: 'deaf' })(Deaf)
    await expect(open().loader.load([{ exported: Deaf, place: 'code' }])).rejects.toThrow(hint)
  })

  test('names a plugin that throws in its constructor, and the line', async () => {
    expect(await reportOf(open({ fixtures: ['that-throws-in-its-constructor'] }))).toMatch(
      /^plugin\.runtime\.failed_init: Plugin "that-throws-in-its-constructor" failed to start: no tea, no work\n {2}at {4}plugins\/enabled\/that-throws-in-its-constructor → index\.js:6:11\n/)
  })

  test('names a plugin that throws in init, and closes what it had opened', async () => {
    const host = open({ fixtures: ['that-throws-in-init'] })
    expect(await reportOf(host)).toContain('Plugin "that-throws-in-init" failed to start: the database is asleep')
    expect(host.loggers.get('that-throws-in-init')?.textsOf('info')).toEqual(['connection opened', 'connection closed'])
  })

  test('names a plugin whose init throws an error of the SDK or no error at all', async () => {
    @Plugin({ name: 'searching' })
    class Searching {
      onModuleInit() { throw new NotFoundError('no config document') }
    }
    @Plugin({ name: 'careless' })
    class Careless {
      onModuleInit() { return Promise.reject('just so') }
    }
    @Plugin({ name: 'keyless' })
    class Keyless {
      onModuleInit() { throw new NotFoundError('no key').with({ hint: 'Set the key.' }) }
    }
    const error = await open().loader.load([Searching, Careless, Keyless].map((exported) => ({ exported, place: 'code' }))).catch((thrown: unknown) => thrown)
    expect((error as BootError).message).toContain('plugin.runtime.failed_init: Plugin "searching" failed to start: no config document')
    expect((error as BootError).message).toContain('plugin.runtime.failed_init: Plugin "careless" failed to start: just so')
    expect((error as BootError).message).toContain('failed to start: no key\n  at    code\n  do    Set the key.')
  })

  test('closes a plugin that comes up after its time', async () => {
    let finish: () => void = () => {}
    let tell: () => void = () => {}
    const closed = new Promise<void>((resolve) => { tell = resolve })
    @Plugin({ name: 'slow' })
    class Slow {
      onModuleInit() { return new Promise<void>((resolve) => { finish = resolve }) }
      onModuleDestroy() { tell() }
    }
    await expect(open({ config: { common: { initTimeout: 20 } } }).loader.load([{ exported: Slow, place: 'code' }])).rejects.toThrow('has not finished within 20 ms')
    finish()
    await expect(closed).resolves.toBeUndefined()
  })

  test('leaves a plugin that does not close in its time, and closes the others', async () => {
    const closed: string[] = []
    const named = (name: string, close: () => unknown): unknown => {
      class Closing {
        onModuleDestroy() { return close() }
      }
      Plugin({ name })(Closing)
      return Closing
    }
    const host = open({ config: { common: { initTimeout: 20 } } })
    const given = [named('first', () => closed.push('first')), named('hangs', () => new Promise(() => {})), named('last', () => closed.push('last'))]
    await host.loader.load(given.map((exported) => ({ exported, place: 'code' })))
    await host.loader.close()
    expect(closed).toEqual(['last', 'first'])
    expect(host.loggers.get('hangs')?.textsOf('error')).toEqual([expect.stringContaining('It has not closed within 20 ms')])
  })

  test('waits for a plugin that keeps a time of its own to close in', async () => {
    let isClosed = false
    const close = async (): Promise<void> => {
      await new Promise((resolve) => { setTimeout(resolve, 60) })
      isClosed = true
    }
    const reader: PluginReader = {
      accepts: () => true, identify: () => ({ name: 'mine', version: '1.0.0' }),
      start: async () => ({ definition: definePlugin({ name: 'mine' }), close, keepsTime: true }),
    }
    const host = open({ readers: [reader], config: { common: { initTimeout: 20 } } })
    await host.loader.load([{ exported: Object, place: 'code' }])
    await host.loader.close()
    expect(isClosed).toBe(true)
  })

  test('names a plugin that never ends its init', async () => {
    expect(await reportOf(open({ fixtures: ['that-never-ends-init'], config: { common: { initTimeout: 20 } } }))).toContain(
      'plugin.runtime.failed_init: Plugin "that-never-ends-init" failed to start: it has not finished within 20 ms.')
  })

  test('names both places of two plugins of one name', async () => {
    expect(await reportOf(open({ fixtures: ['that-greets', 'that-is-named-that-greets'] }))).toBe([
      'plugin.assert.name_already_exists: Another plugin is already named "that-greets".',
      '  at    plugins/enabled/that-is-named-that-greets',
      '  do    Rename it, or disable the other one in plugins/enabled/that-greets.',
    ].join('\n'))
  })

  test('names both owners of a route', async () => {
    const report = await reportOf(open({ fixtures: ['that-greets', 'that-takes-a-taken-route'] }))
    expect(report).toContain('network.http.duplicate_url')
    expect(report).toContain('plugins/enabled/that-takes-a-taken-route → intruder:intrude')
    expect(report).toContain('It leads to that-greets/hello:sayHello of plugin "that-greets" already')
  })

  test('suggests the event that a hook probably means', async () => {
    expect(await reportOf(open({ fixtures: ['that-hooks-an-unknown-event'] }))).toBe([
      'plugin.assert.unknown_event: Plugin "that-hooks-an-unknown-event" listens to "server:afterNwo", which nothing emits.',
      '  at    plugins/enabled/that-hooks-an-unknown-event → @Hook on Deaf.listen',
      '  do    Did you mean "server:afterNow"?',
    ].join('\n'))
  })

  test('names a method that is missing', async () => {
    const report = await reportOf(open({ fixtures: ['that-lacks-its-method'] }))
    expect(report).toContain('plugin.assert.invalid_hook: Hook "server:afterNow" of plugin "that-lacks-its-method" is not a function.')
    expect(report).toContain('  at    plugins/enabled/that-lacks-its-method → Lacks.listen')
  })

  test('names each wrong key of a plugin\'s configuration', async () => {
    const config = { 'that-needs-a-greeting': { times: 'twice', places: [{ city: 1 }] } }
    const report = await reportOf(open({ fixtures: ['that-needs-a-greeting'], config }))
    expect(report).toMatch(/^plugin\.assert\.invalid_config: plugins\.that-needs-a-greeting\.greeting: .*expected string/m)
    expect(report).toMatch(/^plugin\.assert\.invalid_config: plugins\.that-needs-a-greeting\.times: .*expected number/m)
    expect(report).toMatch(/^plugin\.assert\.invalid_config: plugins\.that-needs-a-greeting\.places\.0\.city: /m)
  })

  test('names a link that leads nowhere', async () => {
    const host = open()
    symlinkSync('../available/gone', join(host.enabled, 'gone'))
    expect(await reportOf(host)).toBe([
      'plugin.assert.cannot_load: Plugin "gone" cannot be loaded: the link leads to "../available/gone", which does not exist.',
      '  at    plugins/enabled/gone',
      '  do    Put it back, or run mortise plugins disable gone.',
    ].join('\n'))
  })

  test.each([
    ['that-is-no-plugin', 'the folder has neither a package.json with "main" nor an index.js.', 'Name an existing file'],
    ['that-was-not-built', 'its entry "dist/index.js" does not exist.', 'Run npm run build.'],
    ['that-has-no-default-export', 'it has no default export.', 'Write "export default"'],
    ['that-has-a-broken-manifest', 'plugin.manifest.cannot_load', 'Correct the file'],
  ])('says what is wrong with a plugin %s', async (fixture, fault, remedy) => {
    const report = await reportOf(open({ fixtures: [fixture] }))
    expect(report).toContain(fault)
    expect(report).toContain(`  do    ${remedy}`)
  })

  test('refuses a file among the plugins', async () => {
    const host = open()
    writeFileSync(join(host.enabled, 'notes.txt'), '')
    expect(await reportOf(host)).toContain('Plugin "notes.txt" cannot be loaded: it is a file, and a plugin is a folder.')
  })

  test('names a folder of plugins that is not there, and a package that is not installed', async () => {
    const report = await reportOf(open({ config: { directory: 'plugins/nowhere', common: { include: ['not-installed'] } } }))
    expect(report).toContain('plugin.assert.invalid_plugins_dir: Cannot read the plugins folder "plugins/nowhere": there is no such folder.')
    expect(report).toContain('Plugin "not-installed" cannot be loaded: no such package is installed.')
  })

  test('names a neighbour that a listener wants to run after and that is not loaded', async () => {
    @Plugin({ name: 'picky' })
    class Picky {
      @Pipe('server:beforeNow', { after: 'that-greet' })
      stamp(request: Request) { return request }
    }
    const { loader } = open({ fixtures: ['that-greets'] })
    await expect(loader.load([{ exported: Picky, place: 'code' }])).rejects.toThrow([
      'plugin.assert.unknown_plugin: Plugin "picky" wants to run after "that-greet", which is neither a plugin nor a listener of one that is loaded.',
      '  at    code → Picky.stamp',
      '  do    Enable it, or name another: did you mean "that-greets"?',
    ].join('\n'))
  })

  test('knows listeners by their names, and suggests the nearest', async () => {
    @Plugin({ name: 'picky' })
    class Picky {
      @Hook('server:afterNow', { before: ['that-greets.greet', 'picky.first'], after: 'frist', phase: 'late' })
      stamp() {}

      @Hook('server:afterNow', { name: 'first', phase: 'late' })
      other() {}
    }
    const { loader } = open({ fixtures: [] })
    const error = await loader.load([{ exported: Picky, place: 'code' }]).catch((thrown: unknown) => thrown)
    expect((error as BootError).faults.map(({ message, hint }) => [message.split('\n')[0], hint])).toEqual([
      [expect.stringContaining('wants to run before "that-greets.greet", which is neither'), expect.any(String)],
      [expect.stringContaining('wants to run after "frist", which is neither'), expect.stringContaining('did you mean "first"?')],
    ])
  })

  test('tells what a misspelt event would be', async () => {
    @Plugin({ name: 'geo' })
    class Geo {
      // @ts-expect-error -- nothing emits it
      @Hook('document:afterCraete')
      index() {}
    }
    const { loader, registry } = open({})
    registry.register(definePlugin({ name: 'documents', kind: 'built-in', controllers: [{ name: 'document', actions: [{ name: 'create', handler: () => null, routes: [] }] }] }))
    await expect(loader.load([{ exported: Geo, place: 'plugins/enabled/geo' }])).rejects.toThrow([
      'plugin.assert.unknown_event: Plugin "geo" listens to "document:afterCraete", which nothing emits.',
      '  at    plugins/enabled/geo → @Hook on Geo.index',
      '  do    Did you mean "document:afterCreate"?',
    ].join('\n'))
  })

  test('draws a circle in its report', async () => {
    @Plugin({ name: 'guard' })
    class Guard {
      @Hook('server:*', { phase: 'early', after: 'audit.record' })
      check() {}
    }
    @Plugin({ name: 'audit' })
    class Audit {
      @Hook('server:afterNow', { name: 'record' })
      write() {}
    }
    await expect(open({}).loader.load([{ exported: Guard, place: 'code' }, { exported: Audit, place: 'code' }])).rejects.toThrow([
      'plugin.assert.order_cycle: The listeners of "server:afterNow" cannot be put in order: audit.record -> guard.check -> audit.record',
      '  audit.record before guard.check: guard.check says after "audit.record"',
      '  guard.check before audit.record: guard.check is early and audit.record normal',
      '  at    code → Audit.record',
      '  do    Take one of these wishes back.',
    ].join('\n'))
  })

  test('does not blame a listener for the failure of the plugin it listens to', async () => {
    @Plugin({ name: 'listener' })
    class Listener {
      @Hook('that-throws-on-import/odd:afterFind' as 'server:afterNow', { after: 'that-throws-on-import' })
      listen() {}
    }
    const { loader } = open({ fixtures: ['that-throws-on-import'] })
    const error = await loader.load([{ exported: Listener, place: 'code' }]).catch((thrown: unknown) => thrown)
    expect((error as BootError).faults.map(({ id }) => id)).toEqual(['plugin.runtime.unexpected_error'])
  })
})

describe('a plugin given by code', () => {
  @Controller('late')
  class LateController {
    @Action()
    come() { return 'late' }
  }

  @Plugin({ name: 'latecomer', version: '2.1.0', controllers: [LateController] })
  class Latecomer {
    static events: string[] = []
    onModuleInit() { Latecomer.events.push('up') }
    onModuleDestroy() { Latecomer.events.push('down') }
  }

  test('is brought up beside those that run, and taken out again without a trace', async () => {
    const { loader, pipeline, registry } = open({ fixtures: ['that-greets'] })
    await loader.load()
    const before = registry.plugins
    const { definition } = await loader.loadCandidate({ exported: Latecomer, place: 'code', packageJson: { name: 'latecomer' } })
    expect(definition).toMatchObject({ name: 'latecomer', version: '2.1.0', place: 'code' })
    expect((await pipeline.run(new Request({ controller: 'latecomer/late', action: 'come' }))).result).toBe('late')
    await loader.stop(loader.takeOut('latecomer'))
    expect((await pipeline.run(new Request({ controller: 'latecomer/late', action: 'come' }))).status).toBe(404)
    expect(registry.plugins).toEqual(before)
    expect(Latecomer.events).toEqual(['up', 'down'])
  })

  test('is not loaded twice', async () => {
    const { loader } = open()
    await loader.loadCandidate({ exported: Latecomer, place: 'code', packageJson: { name: 'latecomer' } })
    await expect(loader.loadCandidate({ exported: Latecomer, place: 'elsewhere', packageJson: { name: 'latecomer' } })).rejects.toThrow('Another plugin is already named "latecomer".')
  })

  test('that no reader knows is refused', async () => {
    await expect(open().loader.loadCandidate({ exported: {}, place: 'code', packageJson: { name: 'nothing' } })).rejects.toThrow('plugin.assert.not_a_constructor')
  })

  test('cannot be unloaded when it is not loaded', async () => {
    expect(() => open().loader.takeOut('ghost')).toThrow('Plugin "ghost" not found.')
  })
})

describe('plugins of another shape', () => {
  /** Reads strings: the name of a plugin that hooks the event it is told to. */
  const reader = (event: string): PluginReader => ({
    accepts: ({ exported }) => typeof exported === 'string',
    identify: ({ exported }) => ({ name: exported as string, version: '' }),
    start: async ({ exported, place }) => ({
      definition: { ...definePlugin({ name: exported as string, place }), kind: 'classic', hooks: [{ event, name: 'hook', handler: () => undefined }] },
      close: async () => {},
    }),
  })

  test('may listen to events of other hosts: it is only logged', async () => {
    const { loader, loggers } = open({ readers: [reader('server:afterNwo')] })
    await loader.loadCandidate({ exported: 'old', place: 'code', packageJson: { name: 'old' } })
    expect(loggers.get('old')?.textsOf('warn')).toEqual(['Plugin "old" listens to "server:afterNwo", which nothing emits. Did you mean "server:afterNow"?'])
  })
})

describe('a trial', () => {
  test('tells what a plugin would bring, beside what is enabled, and leaves nothing running', async () => {
    const { loader, registry } = open({ fixtures: ['that-greets'] })
    const before = registry.plugins.length
    const definition = await loader.tryOut(join(process.cwd(), 'test/fixtures/plugins/that-carries-its-own-sdk'), 'plugins/available/that-carries-its-own-sdk')
    expect(definition.controllers.map(({ name }) => name)).toEqual(['that-carries-its-own-sdk/odd'])
    expect(registry.plugins).toHaveLength(before)
  })

  test('refuses what would keep the host from starting', async () => {
    const { loader } = open({ fixtures: ['that-greets'] })
    await expect(loader.tryOut(join(process.cwd(), 'test/fixtures/plugins/that-takes-a-taken-route'), 'plugins/available/that-takes-a-taken-route'))
      .rejects.toThrow('network.http.duplicate_url')
  })
})

import { afterEach, describe, expect, jest, test } from '@jest/globals'
import {
  BadRequestException, Catch, Controller as ControllerOfNest, createParamDecorator, ForbiddenException, Inject, Injectable, Scope, UseFilters, UseGuards, UseInterceptors, UsePipes,
  type CallHandler, type CanActivate, type ExceptionFilter, type ExecutionContext, type NestInterceptor, type PipeTransform,
} from '@nestjs/common'
import { APP_PIPE } from '@nestjs/core'
import { Action, Controller, Get, Hook, Logger, NotFoundError, Pipe, Plugin, Post, Protocol, Request, Strategy, type Class, type StrategyMethods } from '@mortise/sdk'
import { map } from 'rxjs'
import { createLoader } from '../../../../test/support/create-loader.js'

const opened: ReturnType<typeof createLoader>[] = []
const open = (options?: Parameters<typeof createLoader>[0]) => {
  const host = createLoader(options)
  opened.push(host)
  return host
}

/** Loads classes given by code, as `code`. */
async function load(plugin: Class, config: Record<string, unknown> = {}) {
  const host = open({ config })
  const { definition } = await host.loader.loadCandidate({ exported: plugin, place: 'code', packageJson: { name: 'given' } })
  const call = (action: string, args: Record<string, unknown> = {}) => {
    const [controller, name] = action.split(':')
    return host.pipeline.run(new Request({ controller, action: name, ...args }))
  }
  return { ...host, definition, call }
}

const refusal = async (plugin: Class): Promise<string> => {
  const { loader } = open()
  return loader.loadCandidate({ exported: plugin, place: 'code', packageJson: { name: 'given' } }).then(() => 'loaded', (error: Error) => error.message)
}

afterEach(async () => {
  for (const { loader, remove } of opened.splice(0)) {
    await loader.close()
    remove()
  }
})

describe('names and routes', () => {
  @Controller('inner')
  class InnerController {
    @Get('/:id')
    @Get()
    find() { return 'inner' }

    @Post('a//b/')
    make() { return 'made' }

    @Action({ name: 'rename' })
    move() { return 'moved' }
  }

  @Controller('outer', { global: true })
  class OuterController {
    @Get('/health/:part')
    check() { return 'well' }
  }

  @Plugin({ name: 'names', controllers: [InnerController, OuterController] })
  class Names {}

  test('a controller stands under its plugin, a global one alone', async () => {
    const { definition, call } = await load(Names)
    expect(definition.controllers.map(({ name, actions }) => [name, actions.map((action) => action.name)])).toEqual([
      ['names/inner', ['find', 'make', 'rename']], ['outer', ['check']],
    ])
    expect((await call('names/inner:rename')).result).toBe('moved')
    expect((await call('outer:check')).result).toBe('well')
  })

  test('a route stands under both prefixes of plugins, a global one as it is written', async () => {
    const { registry } = await load(Names)
    expect(registry.routes.all.map(({ verb, path }) => `${verb} ${path}`)).toEqual([
      'GET /_plugin/names/inner/:id', 'GET /_/names/inner/:id', 'GET /_plugin/names/inner', 'GET /_/names/inner',
      'POST /_plugin/names/inner/a/b', 'POST /_/names/inner/a/b', 'GET /health/:part',
    ])
  })
})

describe('what Nest offers', () => {
  @Injectable()
  class OnlyAda implements CanActivate {
    canActivate(context: ExecutionContext): boolean {
      const [request] = context.getArgs<[Request]>()
      return context.getType<string>() === 'mortise' && request.input.args.name === 'Ada'
    }
  }

  class Loud implements NestInterceptor {
    intercept(_context: ExecutionContext, next: CallHandler) {
      return next.handle().pipe(map((result) => `${String(result)}!`))
    }
  }

  class Capitals implements PipeTransform<Request> {
    transform(request: Request): Request {
      request.input.args.name = String(request.input.args.name).toUpperCase()
      return request
    }
  }

  class OutOfPaper extends Error {}

  @Catch(OutOfPaper)
  class Refill implements ExceptionFilter {
    catch() { return 'refilled' }
  }

  const Name = createParamDecorator((_data: unknown, context: ExecutionContext) => context.getArgByIndex<Request>(0).input.args.name)

  @Controller('nest')
  class NestController {
    @Action()
    @UseGuards(OnlyAda)
    guarded() { return 'come in' }

    @Action()
    @UseInterceptors(Loud)
    intercepted() { return 'hello' }

    @Action()
    @UsePipes(Capitals)
    piped(request: Request) { return request.input.args.name }

    @Action()
    @UseFilters(Refill)
    filtered() { throw new OutOfPaper() }

    @Action()
    named(request: Request, @Name() name: string) { return `${request.input.action} ${name}` }

    @Action()
    forbidden() { throw new ForbiddenException('not on Sundays') }

    @Action()
    wrong() { throw new BadRequestException(['a is missing', 'b is missing']) }

    @Action()
    lost() { throw new NotFoundError('gone') }

    @Action()
    broken() { throw new TypeError('oh') }
  }

  @Plugin({ name: 'nest', controllers: [NestController] })
  class WithNest {
    @Pipe('server:beforeNow')
    refuse(): Request { throw new ForbiddenException('no time') }
  }

  test('a guard refuses with 403 and lets others pass', async () => {
    const { call } = await load(WithNest)
    expect((await call('nest/nest:guarded', { name: 'Ada' })).result).toBe('come in')
    expect((await call('nest/nest:guarded', { name: 'Eve' })).error).toMatchObject({ status: 403, name: 'ForbiddenError', message: 'Forbidden resource' })
  })

  test('interceptors, pipes, filters and parameter decorators work on actions', async () => {
    const { call } = await load(WithNest)
    expect((await call('nest/nest:intercepted')).result).toBe('hello!')
    expect((await call('nest/nest:piped', { name: 'Ada' })).result).toBe('ADA')
    expect((await call('nest/nest:filtered')).result).toBe('refilled')
    expect((await call('nest/nest:named', { name: 'Ada' })).result).toBe('named Ada')
  })

  test('a pipe of the whole plugin works on every action', async () => {
    @Controller('all')
    class AllController {
      @Action()
      show(request: Request) { return request.input.args.name }
    }
    @Plugin({ name: 'all', controllers: [AllController], providers: [{ provide: APP_PIPE, useClass: Capitals }] })
    class All {}
    const { call } = await load(All)
    expect((await call('all/all:show', { name: 'Ada' })).result).toBe('ADA')
  })

  test('its exceptions become the error of the same status, with the message kept', async () => {
    const { call } = await load(WithNest)
    expect((await call('nest/nest:forbidden')).error).toMatchObject({ status: 403, name: 'ForbiddenError', message: 'not on Sundays' })
    expect((await call('nest/nest:wrong')).error).toMatchObject({ status: 400, name: 'BadRequestError', message: 'a is missing; b is missing' })
    expect((await call('server:now')).error).toMatchObject({ status: 403, message: 'no time' })
  })

  test('errors of the SDK pass, and foreign ones are blamed on the plugin, neither logged by Nest', async () => {
    const write = jest.spyOn(process.stderr, 'write')
    const { call } = await load(WithNest)
    expect((await call('nest/nest:lost')).error).toMatchObject({ status: 404, message: 'gone' })
    expect((await call('nest/nest:broken')).error).toMatchObject({ status: 500, id: 'plugin.runtime.unexpected_error' })
    expect(write).not.toHaveBeenCalled()
    write.mockRestore()
  })
})

test('what shutdown methods throw is logged under the plugin\'s name, and keeps none of the others from being called', async () => {
  const called: string[] = []
  class Pool {
    @Hook('server:afterNow')
    listen() {}

    async onApplicationShutdown() { called.push('pool') }
    onModuleDestroy(): never { throw new Error('the pool is frozen') }
  }
  @Plugin({ name: 'pools', providers: [Pool] })
  class Pools {
    onModuleDestroy() { return Promise.reject('just so') }
    beforeApplicationShutdown() { called.push('pools') }
  }
  const { loader, loggers } = await load(Pools)
  await loader.close()
  expect(loggers.get('pools')?.textsOf('error').sort()).toEqual(['just so', 'the pool is frozen'])
  expect(called).toEqual(['pools', 'pool'])
})

describe('injection', () => {
  class Unmarked {
    constructor(readonly logger: Logger) {}
  }

  class Missing {}

  @Injectable()
  class Needs {
    constructor(readonly logger: Logger, readonly missing: Missing) {}
  }

  @Injectable()
  class NeedsNothingKnown {
    constructor(readonly options: { a: number }) {}
  }

  @Injectable()
  class TakesToken {
    constructor(@Inject('answer') readonly answer: number) {}

    @Hook('server:afterNow')
    listen() {}
  }

  test('names the class and the parameter that nothing provides', async () => {
    @Plugin({ name: 'needs', providers: [Needs] })
    class Plug {}
    expect(await refusal(Plug)).toBe([
      'plugin.assert.unresolved_dependency: Nothing provides constructor parameter 2 (Missing) of Needs in plugin "needs".',
      '  at    code → Needs',
      '  do    List Missing under providers of @Plugin, or the module that exports it under imports.',
    ].join('\n'))
  })

  test('names a class whose parameters were not recorded, and a parameter that is no class', async () => {
    @Plugin({ name: 'needs', providers: [Unmarked, NeedsNothingKnown] })
    class Plug {}
    const report = await refusal(Plug)
    expect(report).toContain('Nothing provides the constructor\'s parameters of Unmarked in plugin "needs".')
    expect(report).toContain('Put @Injectable() before class Unmarked, and compile with "emitDecoratorMetadata"')
    expect(report).toContain('Nothing provides constructor parameter 1 of NeedsNothingKnown')
  })

  test('tells a class that is decorated, and was compiled without types, how to compile it', async () => {
    class Plain {
      constructor(readonly logger: Logger) {}
    }
    Plugin({ name: 'plain', imports: [class {}] })(Plain)
    expect(await refusal(Plain)).toContain('do    Compile with "emitDecoratorMetadata", so that their types are recorded.')
  })

  test('works by token, by factory and for listeners of providers', async () => {
    @Plugin({ name: 'tokens', providers: [TakesToken, { provide: 'answer', useFactory: (logger: Logger) => (logger.info('asked'), 42), inject: [Logger] }] })
    class Plug {}
    const { definition, loggers } = await load(Plug)
    expect(definition.hooks.map(({ event, name }) => [event, name])).toEqual([['server:afterNow', 'TakesToken.listen']])
    expect(loggers.get('tokens')?.textsOf('info')).toEqual(['asked'])
  })

  test('binds an instance once, whatever names it goes by', async () => {
    @Plugin({ name: 'alias', providers: [TakesToken, { provide: 'answer', useValue: 1 }, { provide: 'other', useExisting: TakesToken }] })
    class Plug {}
    expect((await load(Plug)).definition.hooks).toHaveLength(1)
  })

  test('refuses listeners that are constructed for each request', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class PerRequest {
      @Hook('server:afterNow')
      listen() {}
    }
    @Plugin({ name: 'scoped', providers: [PerRequest] })
    class Plug {}
    expect(await refusal(Plug)).toContain('its class PerRequest is constructed for each request')
  })
})

describe('marks', () => {
  @Controller('fine')
  class FineController {
    @Action()
    work() {}
  }

  class Bare {
    work() {}
  }

  @Controller('My orders/all')
  class SpacedController {
    @Action()
    work() {}
  }

  @ControllerOfNest('orders')
  class NestController {
    work() {}
  }

  @Controller('till')
  class ColonController {
    @Action({ name: 'pay:now' })
    work() {}
  }

  const plugin = (options: object): Class => {
    class Plug {}
    Plugin(options as { name: string })(Plug)
    return Plug
  }

  test.each([
    ['has no name', {}, 'plugin.assert.no_name_provided'],
    ['has capitals in its name', { name: 'HelloWorld', controllers: [FineController] }, 'plugin.assert.invalid_plugin_name: "HelloWorld"'],
    ['takes a name of the configuration', { name: 'common', controllers: [FineController] }, 'plugins.common means something else'],
    ['takes the name under which the host keeps its secrets', { name: 'host', controllers: [FineController] }, 'secrets of that name are the host\'s own'],
    ['does nothing', { name: 'idle' }, 'Plugin "idle" cannot be loaded: it does nothing.'],
    ['is for another host', { name: 'new', host: '^7.0.0', controllers: [FineController] }, 'Plugin "new" requires version "^7.0.0" of the host; this is "0.1.0".'],
    ['states no range', { name: 'odd', host: 'the best', controllers: [FineController] }, '"the best" is no range of versions.'],
    ['has a config that is no schema', { name: 'odd', config: { greeting: 'Hello' }, controllers: [FineController] }, 'its "config" is no schema.'],
    ['has no name, by its place', { config: 1, controllers: [FineController] }, 'Plugin "code" cannot be loaded: its "config" is no schema.'],
    ['takes a name that every object has', { name: 'constructor', controllers: [FineController] }, 'every object has a "constructor"'],
    ['lists what is not there', { name: 'odd', controllers: [FineController, undefined] }, 'Plugin "odd" cannot be loaded: place 2 of its "controllers" is empty.'],
    ['lists providers that are not there', { name: 'odd', providers: [null] }, 'place 1 of its "providers" is empty.'],
    ['lists no list', { name: 'odd', controllers: FineController }, 'its "controllers" is no list.'],
    ['names a controller as no URL can', { name: 'odd', controllers: [SpacedController] }, '"My orders/all" cannot be part of an action\'s name'],
    ['names an action as no event can', { name: 'odd', controllers: [ColonController] }, '"pay:now" cannot be part of an action\'s name'],
    ['has an option that nobody knows', { name: 'odd', contollers: [FineController], providers: [Bare] }, '@Plugin has no option "contollers".\n  at    code\n  do    Did you mean "controllers"?'],
    ['lists a controller of Nest', { name: 'odd', controllers: [NestController] }, 'Import Controller, Get, Post … from "@mortise/sdk".'],
    ['lists an undecorated controller', { name: 'odd', controllers: [Bare] }, 'Put @Controller(\'…\') before class Bare.'],
    ['hides a controller among its providers', { name: 'odd', providers: [FineController] }, 'List FineController under controllers of @Plugin.'],
  ])('a plugin that %s is refused', async (_what, options, report) => {
    expect(await refusal(plugin(options))).toContain(report)
  })

  test('an action outside a controller, one name for two actions, and a controller without any are refused together', async () => {
    @Controller('twice')
    class TwiceController {
      @Action({ name: 'go' })
      one() {}

      @Action({ name: 'go' })
      two() {}
    }
    @Controller('empty')
    class EmptyController {}
    @Plugin({ name: 'many', controllers: [TwiceController, EmptyController] })
    class Many {
      @Get('/stray')
      stray() {}
    }
    const report = await refusal(Many)
    expect(report).toContain('two methods are the action "go"')
    expect(report).toContain('it has no action')
    expect(report).toContain('  at    code → Many.stray')
  })
})

describe('listeners with a filter', () => {
  test('are called only for what the filter names, and a pipe lets the rest pass', async () => {
    const heard: string[] = []
    @Plugin({ name: 'bills' })
    class Bills {
      @Pipe('request:onExecution', { where: { equals: { kind: 'invoice' } } })
      stamp(request: Request) {
        request.input.body.stamped = true
        return request
      }

      @Hook('request:onSuccess', { where: { equals: { kind: 'invoice' } } })
      note(request: Request) { heard.push(request.getId()) }
    }
    const { definition: { pipes: [pipe], hooks: [hook] } } = await load(Bills)
    const create = (kind: string) => new Request({ controller: 'document', action: 'create', _id: kind, body: { kind } })
    const [invoice, note] = [create('invoice'), create('note')]
    expect([pipe?.handler(invoice), pipe?.handler(note)]).toEqual([invoice, note])
    expect([invoice.input.body.stamped, note.input.body.stamped]).toEqual([true, undefined])
    for (const request of [invoice, note]) hook?.handler(request, 'request:onSuccess')
    expect(heard).toEqual(['invoice'])
  })

  test('are refused at boot, by name, when the filter cannot be read', async () => {
    @Plugin({ name: 'typo' })
    class Typo {
      @Hook('document:afterCreate', { where: { equalz: { kind: 'invoice' } } })
      note() {}
    }
    const report = await refusal(Typo)
    expect(report).toContain('api.assert.koncorde_dsl_error')
    expect(report).toContain('  at    code → Typo.note')
    expect(report).toContain('Correct the "where" of @Hook(\'document:afterCreate\').')
  })
})

describe('a plugin\'s configuration', () => {
  test('is given with its defaults, frozen, and a copy of its own', async () => {
    const given = { greeting: 'Hi' }
    const { loader, pipeline } = open({ fixtures: ['that-needs-a-greeting'], config: { 'that-needs-a-greeting': given } })
    await loader.load()
    const { result } = await pipeline.run(new Request({ controller: 'that-needs-a-greeting/config', action: 'show' }))
    expect(result).toEqual({ greeting: 'Hi', times: 1, places: [] })
    expect(Object.isFrozen(result) && Object.isFrozen((result as { places: unknown }).places)).toBe(true)
    expect(Object.isFrozen(given)).toBe(false)
  })

  test('may be checked by a schema that answers later', async () => {
    const config = { '~standard': { version: 1 as const, vendor: 'test', validate: async () => ({ issues: [{ message: 'no', path: [{ key: 'a' }, 0] }] }) } }
    @Plugin({ name: 'later', config })
    class Later {
      onModuleInit() {}
    }
    expect(await refusal(Later)).toMatch(/^plugin\.assert\.invalid_config: plugins\.later\.a\.0: no\n/)
  })
})

test('a provider marked with @Strategy is a way to log in, its options made of the provider', async () => {
  class Passport {}
  @Strategy('local', { strategy: Passport, options: (methods: StrategyMethods) => ({ field: (methods as Local).field }), fields: ['username'] })
  class Local {
    field = 'username'
    async verify() { return { kuid: 'ada' } }
    exists() { return true }
    create() {}
    update() {}
    delete() {}
    validate() { return true }
  }
  @Plugin({ name: 'local', providers: [Local] })
  class Plug {}
  const { definition } = await load(Plug)
  expect(definition.strategies).toMatchObject([{ name: 'local', strategy: Passport, options: { field: 'username' }, fields: ['username'] }])
})

describe('a class marked with @Protocol', () => {
  class Door {
    start() {}
    stop() {}
    broadcast() {}
    notify() {}
    joinChannel() {}
    leaveChannel() {}
    disconnect() {}
  }

  test('is a door, whether it is a provider or the plugin itself', async () => {
    @Protocol('smoke')
    class Smoke extends Door {}
    @Protocol('drums')
    @Plugin({ name: 'signals', providers: [Smoke] })
    class Signals extends Door {}
    const { definition } = await load(Signals)
    expect(definition.protocols?.map(({ name, door }) => [name, door.constructor])).toEqual(expect.arrayContaining([['smoke', Smoke], ['drums', Signals]]))
  })

  test('makes a plugin that has nothing else worth loading', async () => {
    @Protocol('drums')
    @Plugin({ name: 'drums' })
    class Drums extends Door {}
    expect((await load(Drums)).definition.protocols).toHaveLength(1)
  })

  test('that lacks a method is refused by name', async () => {
    class Half {
      start() {}
    }
    Protocol('half')(Half as never)
    @Plugin({ name: 'half', providers: [Half] })
    class Plug {}
    const report = await refusal(Plug)
    expect(report).toContain('its protocol "half" lacks the method "stop"')
    expect(report).toContain('  at    code → Half')
  })
})

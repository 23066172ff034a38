import { describe, expect, test } from '@jest/globals'
import {
  Action, Controller, Cron, Delete, Every, Get, Hook, Injectable, Pipe, Plugin, Post, Protocol, Strategy, readMarks, serviceOf, Logger, Config, type Request,
} from './index.js'

@Controller('hello')
class HelloController {
  @Get()
  @Get('/:name')
  @Post('/say')
  sayHello(_request: Request) {}

  @Action({ name: 'farewell' })
  @Delete('/bye')
  bye() {}

  @Action()
  plain() {}
}

@Plugin({ name: 'geo' })
class Geo {
  @Pipe('document:beforeCreate', { after: 'stock-guard', timeout: 500 })
  async place(request: Request) { return request }

  @Hook('document:*')
  note() {}
}

describe('marks', () => {
  test('of a plugin are its options and listeners', () => {
    expect(readMarks(Geo)).toMatchObject({
      plugin: { name: 'geo' },
      listeners: [
        { kind: 'pipe', event: 'document:beforeCreate', method: 'place', options: { after: 'stock-guard', timeout: 500 } },
        { kind: 'hook', event: 'document:*', method: 'note', options: {} },
      ],
    })
  })

  test('of a controller are its actions, with routes as they are written', () => {
    expect(readMarks(HelloController)).toMatchObject({
      controller: { name: 'hello' },
      actions: [
        { method: 'sayHello', name: 'sayHello', routes: [{ verb: 'GET', path: '' }, { verb: 'GET', path: '/:name' }, { verb: 'POST', path: '/say' }] },
        { method: 'bye', name: 'farewell', routes: [{ verb: 'DELETE', path: '/bye' }] },
        { method: 'plain', name: 'plain', routes: [] },
      ],
    })
  })

  test('are found under a registered symbol, so that another copy of this package reads them', () => {
    expect((Geo as unknown as Record<symbol, unknown>)[Symbol.for('mortise.marks')]).toBe(readMarks(Geo))
  })

  test('of schedules are kept for the class and its heirs, and stand on methods alone', () => {
    class Nightly {
      @Cron('0 3 * * *', { missed: 'once' })
      clean() {}
    }
    class Hourly extends Nightly {
      @Every('1h')
      count() {}
    }
    expect(readMarks(Nightly)?.schedules).toEqual([{ method: 'clean', cron: '0 3 * * *', options: { missed: 'once' } }])
    expect(readMarks(Hourly)?.schedules).toEqual([expect.objectContaining({ method: 'clean' }), { method: 'count', every: '1h', options: {} }])
    expect(readMarks(Geo)).not.toHaveProperty('schedules')
    const decorate = Cron('0 3 * * *') as unknown as (target: object, key: string, descriptor: undefined) => void
    expect(() => decorate(Nightly.prototype, 'field', undefined)).toThrow('@Cron(\'0 3 * * *\') decorates "field", which is no method.')
  })

  test('of a subclass start with its parent\'s, and leave those alone', () => {
    class Special extends Geo {
      @Hook('document:afterGet')
      more() {}
    }
    expect(readMarks(Special)?.listeners.map(({ method }) => method)).toEqual(['place', 'note', 'more'])
    expect(readMarks(Geo)?.listeners).toHaveLength(2)
  })

  test('are absent where no decorator was', () => {
    class Plain {}
    expect([readMarks(Plain), readMarks({}), readMarks(undefined)]).toEqual([undefined, undefined, undefined])
  })
})

describe('decorators on the wrong thing', () => {
  test('say what they decorate', () => {
    const decorate = Hook('document:afterGet') as unknown as (target: object, key: string, descriptor?: PropertyDescriptor) => void
    expect(() => decorate({}, 'field')).toThrow('@Hook(\'document:afterGet\') decorates "field", which is no method.')
    const order = (options: object) => () => (Hook('document:afterGet', options) as (...decorated: unknown[]) => void)({}, 'say', { value: () => undefined })
    expect(order({ name: 'two words' })).toThrow('@Hook(\'document:afterGet\') has the name "two words": use letters')
    expect(order({ phase: 'erly' })).toThrow('has the phase "erly", which is none of early, normal, late.')
    expect(order({ phase: 'late', name: 'say-it_2' })).not.toThrow()
    expect(() => Plugin({ name: 'x' })({} as never)).toThrow('@Plugin decorates something, which is no class.')
    expect(() => Controller('x')(undefined as never)).toThrow(TypeError)
    expect(() => Protocol('x')(undefined as never)).toThrow(TypeError)
  })

  type Decorate = (...decorated: unknown[]) => void
  const MEMBER: readonly [string, unknown][] = [
    ['@Hook(\'document:afterGet\')', Hook('document:afterGet')], ['@Pipe(\'document:afterGet\')', Pipe('document:afterGet')], ['@Action', Action()],
    ['@Get(\'/:id\')', Get('/:id')], ['@Post(\'\')', Post()], ['@Cron(\'0 3 * * *\')', Cron('0 3 * * *')], ['@Every(\'1h\')', Every('1h')],
  ]

  test.each(MEMBER)('%s says what a method must be', (says, decorate) => {
    class Geo { static say() {} }
    const method = { value: () => undefined }
    expect(() => (decorate as Decorate)(Geo, 'say', method)).toThrow(`${says} decorates "say", which is static. Take "static" away`)
    expect(() => (decorate as Decorate)(Geo.prototype, 'say', undefined)).toThrow(`${says} decorates "say", which is no method.`)
    expect(() => (decorate as Decorate)(Geo.prototype, 'say', { get: () => 1 })).toThrow('which is no method.')
    expect(() => (decorate as Decorate)(method.value, { kind: 'method', name: 'say' })).toThrow(`${says} was compiled as a standard decorator. Set "experimentalDecorators"`)
    expect([readMarks(Geo), readMarks(Function)]).toEqual([undefined, undefined])
  })

  test.each([['@Plugin', Plugin({ name: 'x' })], ['@Controller(\'x\')', Controller('x')], ['@Protocol(\'x\')', Protocol('x')], ['@Strategy(\'x\')', Strategy('x', {} as never)], ['@Injectable', Injectable()]])(
    '%s says that it decorates a class', (says, decorate) => {
      expect(() => (decorate as Decorate)({}, 'say', {})).toThrow(`${says} decorates "say", which is no class.`)
      expect(() => (decorate as Decorate)(class {}, 'say', {})).toThrow(`${says} decorates "say", which is no class.`)
    })

  test.each([
    ['@Plugin', Plugin, '@Plugin({ name: \'geo\' })'], ['@Controller', Controller, '@Controller(\'orders\')'], ['@Injectable', Injectable, '@Injectable()'],
  ])('%s without brackets is told how to write it', (says, decorate, example) => {
    expect(() => (decorate as Decorate)(class {})).toThrow(`${says} is written without brackets: write ${example}.`)
  })

  test.each([['@Hook', Hook], ['@Pipe', Pipe], ['@Action', Action], ['@Get', Get], ['@Delete', Delete]])('%s without brackets, too', (says, decorate) => {
    class Geo { say() {} }
    expect(() => (decorate as Decorate)(Geo.prototype, 'say', { value: Geo.prototype.say })).toThrow(`${says} is written without brackets: write ${says}(`)
  })

  test('options and events that are none are told as what they are', () => {
    expect(() => (Plugin as Decorate)()).toThrow('@Plugin was given undefined: write @Plugin({ name: \'geo\' }).')
    expect(() => (Hook as Decorate)(undefined)).toThrow('@Hook was given undefined: write @Hook(')
    expect(() => (Pipe as Decorate)(['document:afterGet', 'document:afterDelete'])).toThrow('@Pipe was given a list: write @Pipe(\'document:beforeCreate\'), once for each event.')
    expect(() => (Get as Decorate)(/x/)).toThrow('@Get was given /x/: write @Get(\'/:id\').')
  })
})

describe('budgets', () => {
  const decorate = (options: object) => () => {
    class Geo {
      locate(request: Request) { return request }
    }
    Pipe('document:beforeGet', options)(Geo.prototype, 'locate', Object.getOwnPropertyDescriptor(Geo.prototype, 'locate') as never)
    return readMarks(Geo)?.listeners[0]?.options
  }

  test('stand on the mark', () => {
    const options = { timeout: 0, concurrency: 2, queue: 0, onFailure: 'fail-open', breaker: { failures: 1 } }
    expect(decorate(options)()).toEqual(options)
  })

  test.each([
    ['timeout', { timeout: -1 }], ['concurrency', { concurrency: 1.5 }], ['queue', { queue: '3' }],
    ['breaker.failures', { breaker: { failures: 0 } }], ['breaker.probeAfter', { breaker: { failures: 1, probeAfter: 0 } }],
  ])('that are no numbers to count with are refused by name: %s', (name, options) => {
    expect(decorate(options)).toThrow(`@Pipe('document:beforeGet') on "locate": ${name} is no whole number`)
  })
})

test('services are told by brand, in whatever copy of this package', () => {
  class OtherLogger {}
  Object.defineProperty(OtherLogger, Symbol.for('mortise.service'), { value: 'logger' })
  expect([serviceOf(Logger), serviceOf(Config), serviceOf(OtherLogger), serviceOf(class {}), serviceOf('Logger')]).toEqual(['logger', 'config', 'logger', undefined, undefined])
})

describe('schemas of an action', () => {
  const input = { '~standard': { version: 1, vendor: 'own', validate: (value: unknown) => ({ value }) } } as const
  const output = { ...input }

  class Till {
    @Get('/:id', { summary: 'Finds.', input, output })
    @Get()
    find() {}

    @Action({ name: 'close', input })
    end() {}
  }

  test('are left on it, whichever of its decorators names them', () => {
    expect(readMarks(Till)?.actions).toEqual([
      { method: 'find', name: 'find', routes: [{ verb: 'GET', path: '/:id' }, { verb: 'GET', path: '' }], summary: 'Finds.', input, output },
      { method: 'end', name: 'close', routes: [], input },
    ])
  })
})

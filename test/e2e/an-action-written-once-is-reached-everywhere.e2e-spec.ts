import { Catch, UseFilters, UseGuards, UseInterceptors, UsePipes, type ExecutionContext } from '@nestjs/common'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { Api, Controller, ForbiddenError, Get, Hook, Pipe, Plugin, type Request } from '@mortise/sdk'
import { createTestHost, type TestHost } from '@mortise/sdk/testing'
import { map } from 'rxjs'
import { openSocket } from '../support/start-doors.js'
import { startHost, type StartedHost } from '../support/start-host.js'

/** What was told of, in order. */
const heard: string[] = []
const note = (word: string): void => { heard.push(word) }

class Teapot extends Error {}

@Catch(Teapot)
class TeapotFilter {
  catch() { throw new ForbiddenError('I am a teapot') }
}

@Controller('work')
class WorkController {
  constructor(private readonly api: Api) {}

  @Get('/do/:name')
  @UseGuards({ canActivate: (context: ExecutionContext) => context.getArgByIndex<Request>(0).input.args.name !== 'Eve' })
  @UseInterceptors({ intercept: (_context: unknown, next: { handle(): import('rxjs').Observable<string> }) => next.handle().pipe(map((result) => `${result}!`)) })
  @UsePipes({ transform: (request: Request) => { request.input.args.piped = true; return request } })
  do(request: Request) {
    return `${request.getString('name')} ${String(request.input.args.stamp)} ${String(request.input.args.piped)}`
  }

  @Get('/fail')
  @UseFilters(new TeapotFilter())
  fail() { throw new Teapot() }

  @Get('/within/:what/:name')
  within(request: Request) {
    return this.api.call({ controller: 'once/work', action: request.getString('what'), name: request.getString('name') }, { events: true })
  }
}

@Plugin({ name: 'once', controllers: [WorkController] })
class Once {
  @Pipe('once/work:beforeDo' as 'document:beforeGet')
  stamp(request: Request) {
    note('pipe before')
    request.input.args.stamp = 'stamped'
    return request
  }

  @Pipe('once/work:afterDo' as 'document:afterGet')
  after(request: Request) {
    note('pipe after')
    return request
  }

  @Hook('once/work:afterDo' as 'document:afterGet')
  hear() { note('hook') }
}

interface Answer { status: number; result?: unknown; error?: { message?: string; status?: number } | null }

let host: StartedHost
let kit: TestHost
let client: Awaited<ReturnType<typeof openSocket>>
beforeAll(async () => {
  host = await startHost({ plugins: [Once] })
  kit = await createTestHost({ plugins: [Once] })
  client = await openSocket(host.port)
})
afterAll(async () => {
  client.socket.close()
  await kit.close()
  await host.close()
})
beforeEach(() => { heard.length = 0 })

const ways: Record<string, (action: string, name: string) => Promise<Answer>> = {
  'over HTTP': async (action, name) => (await host.ask('GET', `/_/once/work/${action}${action === 'fail' ? '' : `/${name}`}`)).body as Answer,
  'over WebSocket': (action, name) => client.ask({ controller: 'once/work', action, name }) as Promise<Answer>,
  'by an inner call': async (action, name) => (await host.ask('GET', `/_/once/work/within/${action}/${name}`)).body as Answer,
  'by the test kit': (action, name) => kit.send({ controller: 'once/work', action, name }),
}

describe.each(Object.entries(ways))('an action called %s', (_way, call) => {
  test('runs the same pipes and hooks, and Nest\'s pipes and interceptors', async () => {
    expect(await call('do', 'Ann')).toMatchObject({ status: 200, result: 'Ann stamped true!' })
    expect(heard).toEqual(['pipe before', 'pipe after', 'hook'])
  })

  test('is refused by Nest\'s guards', async () => {
    const { status, error } = await call('do', 'Eve')
    expect([status, error?.status]).toEqual([403, 403])
  })

  test('has its errors told by Nest\'s filters', async () => {
    expect((await call('fail', 'Ann')).error).toMatchObject({ status: 403, message: 'I am a teapot' })
  })
})

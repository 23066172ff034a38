import { expect, test } from '@jest/globals'
import { Action, Cron, Every, Get, Hook, Pipe, type Delivery, type EventDocument, type Request, type RequestOutcome, type ScheduledRun } from './index.js'

declare module '@mortise/sdk' {
  interface Actions {
    'types-spec/drill': 'bore'
  }
  interface Events {
    'plugin-types-spec:drilled': [depth: number]
  }
}

/** Compiled by `npm run typecheck`: each line marked must not compile, and the others must. */
class Listeners {
  @Hook('document:afterDelete')
  deleted(_request: Request) {}

  @Hook('document:*')
  all(_request: Request, _event: string) {}

  @Hook('generic:document:before*')
  documents(_documents: EventDocument[], _request: Request) {}

  @Hook('request:afterExecution')
  outcome(_outcome: RequestOutcome) {}

  @Hook('*:*')
  everything(_payload: { whatever: true }) {}

  @Hook('plugin-other:happened')
  triggered(_payload: number) {}

  @Hook('types-spec/drill:beforeBore')
  merged(_request: Request) {}

  @Hook('plugin-types-spec:drilled')
  own(_depth: number) {}

  @Hook('generic:document:afterWrite', { durable: true })
  durably(_documents: EventDocument[], _request: Request, _event: string, _delivery: Delivery) {}

  // @ts-expect-error -- nothing is stored with a document that is read
  @Hook('document:afterGet', { durable: true })
  notDurably(_request: Request) {}

  @Cron('0 3 * * *', { missed: 'once', timezone: 'Europe/Paris' })
  nightly(_run: ScheduledRun) {}

  // @ts-expect-error -- a scheduled method gets its run alone
  @Every('15m')
  often(_request: Request) {}

  @Pipe('document:beforeCreate')
  sync(request: Request) { return request }

  @Pipe('generic:document:beforeWrite')
  async later(documents: EventDocument[]) { return documents }

  @Pipe('document:before*')
  pattern(request: Request) { return request }

  // @ts-expect-error -- no such event
  @Hook('document:afterCraete')
  misspelt() {}

  // @ts-expect-error -- no such scope
  @Hook('documents:*')
  scope() {}

  // @ts-expect-error -- the payload is a Request
  @Hook('document:afterCreate')
  wrong(_depth: number) {}

  // @ts-expect-error -- the merged event carries a number
  @Hook('plugin-types-spec:drilled')
  wrongOwn(_depth: string) {}

  // @ts-expect-error -- a pipe gives its payload back
  @Pipe('document:beforeCreate')
  silent(_request: Request) {}

  // @ts-expect-error -- a pipe gives the same kind of payload back
  @Pipe('generic:document:beforeWrite')
  other(_documents: EventDocument[], request: Request) { return request }

  // @ts-expect-error -- no such option
  @Pipe('document:beforeCreate', { affter: 'x' })
  option(request: Request) { return request }

  // @ts-expect-error -- an action gets a Request
  @Action()
  action(_number: number) {}
}

// @ts-expect-error -- a path is a text
const typesOfPath = (): unknown => Get(7)

test('the listeners above are marked', () => {
  expect(new Listeners()).toBeInstanceOf(Listeners)
  expect(typesOfPath).toThrow('@Get was given 7')
})

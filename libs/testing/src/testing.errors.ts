import { defineErrors } from '@mortise/sdk'

/** What tests ask of their host in vain. */
export const testingErrors = defineErrors('testing', {
  unknown_plugin: {
    code: 0xff41,
    class: 'NotFoundError',
    message: (plugin: string, known: string) => `No plugin "${plugin}" runs on this test host; there are: ${known}.`,
  },
  not_isolated: {
    code: 0xff42,
    class: 'PreconditionError',
    message: (plugin: string) => `Plugin "${plugin}" runs in the test's own thread, which cannot be killed.`,
  },
  invalid_time: {
    code: 0xff43,
    class: 'BadRequestError',
    message: (time: string) => `"${time}" is no time to let pass, such as 5000 or "1h".`,
  },
  invalid_option: {
    code: 0xff44,
    class: 'BadRequestError',
    message: (option: string, value: string, expected: string) => `The option "${option}" of the test host is "${value}", and not ${expected}.`,
  },
  connection_closed: {
    code: 0xff46,
    class: 'ServiceUnavailableError',
    message: () => 'The connection of this test client is closed.',
  },
  clock_runs: {
    code: 0xff45,
    class: 'PreconditionError',
    message: () => 'The clock of this test host is the machine\'s, and cannot be moved.',
  },
})

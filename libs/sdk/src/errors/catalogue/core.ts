import { domain, subdomain } from './subdomain.js'

/** The host itself: its start, its configuration, realtime, secrets, sandbox and debugger. */
export const core = domain(0x00, {
  fatal: subdomain(0x00, {
    unexpected_error: [0x01, 'InternalError', (fault: string) => `Caught an unexpected error: ${fault}`],
    service_unavailable: [0x02, 'ExternalServiceError', (service: string) => `Service "${service}" cannot be reached.`],
    service_timeout: [0x03, 'InternalError', (service: string) => `Service "${service}" has not started in time.`],
    unreadable_log_dir: [0x04, 'InternalError', (folder: string, fault: string) => `Cannot read the log folder "${folder}": ${fault}.`],
    assertion_failed: [0x05, 'InternalError', (claim: string) => `Something that must hold does not: ${claim}.`],
  }),
  realtime: subdomain(0x01, {
    room_not_found: [0x01, 'NotFoundError', (roomId: string) => `Room "${roomId}" not found.`],
    invalid_rooms: [0x02, 'BadRequestError', (userId: string, roomIds: string) => `User "${userId}" is not in the rooms ${roomIds}.`],
    invalid_state: [0x03, 'BadRequestError', () => 'Argument "state" is none of "all", "done", "pending".'],
    invalid_scope: [0x04, 'BadRequestError', () => 'Argument "scope" is none of "all", "in", "out", "none".'],
    invalid_users: [0x05, 'BadRequestError', () => 'Argument "users" is none of "all", "in", "out", "none".'],
    too_many_terms: [
      0x06,
      'SizeLimitError',
      (limit: number, found: number) => `The filter holds ${found} terms once it is normalised; ${limit} are allowed.`,
    ],
    too_many_rooms: [0x07, 'SizeLimitError', (limit: number) => `A user may subscribe to ${limit} rooms at most.`],
    not_subscribed: [
      0x08,
      'PreconditionError',
      (connectionId: string, roomId: string) => `User "${connectionId}" has not subscribed to "${roomId}".`,
    ],
  }),
  vault: subdomain(0x02, {
    cannot_decrypt: [0x01, 'InternalError', (fault: string) => `The encrypted secrets cannot be opened: ${fault}.`],
    key_not_found: [0x02, 'InternalError', () => 'There are encrypted secrets, but no key to open them.'],
  }),
  configuration: subdomain(0x03, {
    invalid_type: [
      0x01,
      'InternalError',
      (key: string, expected: string) => `Configuration key "${key}" has the wrong type. Expected: ${expected}.`,
    ],
    out_of_range: [
      0x02,
      'InternalError',
      (key: string, expected: string) => `Configuration key "${key}" is out of range. Expected: ${expected}.`,
    ],
    cannot_parse: [0x03, 'InternalError', (fault: string) => `The configuration cannot be read: ${fault}`],
    incompatible: [0x04, 'InternalError', (one: string, other: string) => `Configuration keys "${one}" and "${other}" do not go together.`],
  }),
  sandbox: subdomain(0x04, {
    process_already_running: [0x01, 'InternalError', () => 'The sandbox is already running.'],
    timeout: [0x02, 'GatewayTimeoutError', () => 'The code in the sandbox has not finished in time.'],
  }),
  debugger: subdomain(0x05, {
    not_enabled: [0x01, 'PreconditionError', () => 'The debugger is not enabled.'],
    monitor_already_running: [0x02, 'PreconditionError', (monitor: string) => `Monitor "${monitor}" is already running.`],
    monitor_not_running: [0x03, 'PreconditionError', (monitor: string) => `Monitor "${monitor}" is not running.`],
    native_debug_protocol_usage_denied: [0x04, 'PreconditionError', () => 'The native debug protocol is switched off.'],
    method_not_found: [0x05, 'PreconditionError', (method: string) => `Debugger method "${method}" not found.`],
  }),
})

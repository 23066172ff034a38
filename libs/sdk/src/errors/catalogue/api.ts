import { domain, subdomain } from './subdomain.js'

/** What a request asks for, and whether it may be run now. */
export const api = domain(0x02, {
  assert: subdomain(0x01, {
    invalid_type: [
      0x01,
      'BadRequestError',
      (name: string, expected: string) => `Wrong type for argument "${name}" (expected: ${expected}).`,
    ],
    invalid_argument: [0x02, 'BadRequestError', (name: string, expected: string) => `Invalid argument "${name}". Expected: ${expected}.`],
    missing_argument: [0x03, 'BadRequestError', (name: string) => `Missing argument "${name}".`],
    empty_argument: [0x04, 'BadRequestError', (name: string) => `Argument "${name}" is empty.`],
    mutually_exclusive: [0x05, 'BadRequestError', (one: string, other: string) => `Arguments "${one}" and "${other}" exclude each other.`],
    too_many_arguments: [0x06, 'BadRequestError', (name: string, limit: number) => `Argument "${name}" holds more than ${limit} values.`],
    unexpected_argument: [
      0x07,
      'BadRequestError',
      (name: string, expected: string) => `Argument "${name}" is unknown. Expected: ${expected}.`,
    ],
    body_required: [0x08, 'BadRequestError', () => 'The request has no body.'],
    unexpected_type_assertion: [0x09, 'InternalError', (type: string) => `Nothing can check arguments of type "${type}".`],
    invalid_id: [0x0a, 'BadRequestError', (id: string) => `Identifier "${id}" is not well-formed.`],
    forbidden_argument: [0x0b, 'BadRequestError', (name: string) => `Argument "${name}" is not allowed here.`],
    koncorde_unknown_keyword: [0x0c, 'BadRequestError', (keyword: string) => `Filter keyword "${keyword}" is unknown.`],
    koncorde_restricted_keyword: [0x0d, 'BadRequestError', (keyword: string) => `Filter keyword "${keyword}" is not allowed here.`],
    koncorde_dsl_error: [0x0e, 'BadRequestError', (fault: string) => fault],
    forbidden_stream: [0x0f, 'InternalError', () => 'An action answered with a stream, which only HTTP can carry.'],
    unsupported_protocol: [
      0x10,
      'InternalError',
      (protocol: string, action: string) => `Action "${action}" is not available over "${protocol}".`,
    ],
  }),
  process: subdomain(0x02, {
    action_locked: [0x01, 'PreconditionError', (action: string) => `"${action}" is already running.`],
    overloaded: [0x02, 'ServiceUnavailableError', () => 'The server is overloaded and drops this request.'],
    connection_dropped: [0x03, 'BadRequestError', () => 'The client closed its connection before the request was run.'],
    controller_not_found: [0x04, 'NotFoundError', (controller: string) => `API controller "${controller}" not found.`],
    action_not_found: [0x05, 'NotFoundError', (controller: string, action: string) => `API action "${controller}":"${action}" not found.`],
    incompatible_sdk_version: [
      0x06,
      'BadRequestError',
      (version: string, required: string) => `Client SDK version "${version}" does not fit; the server requires "${required}".`,
    ],
    shutting_down: [0x07, 'ServiceUnavailableError', () => 'The server is stopping and takes no more requests.'],
    too_many_requests: [0x08, 'TooManyRequestsError', () => 'Request limit reached for this user. Slow down.'],
    admin_exists: [0x09, 'PreconditionError', () => 'An administrator already exists.'],
    incomplete_multiple_request: [0x0a, 'MultipleErrorsError', (action: string) => `"${action}" failed for some of its items.`],
    not_enough_nodes: [0x0b, 'ServiceUnavailableError', () => 'Too few nodes of the cluster are up to take requests.'],
    unauthorized_origin: [0x0c, 'UnauthorizedError', (origin: string) => `Origin "${origin}" is not allowed.`],
    too_many_logins_requests: [0x0d, 'TooManyRequestsError', () => 'Login limit reached for this client. Slow down.'],
    forbidden_embedded_sdk_action: [
      0x0e,
      'PluginImplementationError',
      (controller: string, action: string) => `Action "${controller}:${action}" cannot be called by a plugin.`,
    ],
  }),
})

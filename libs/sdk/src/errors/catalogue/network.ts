import { domain, subdomain } from './subdomain.js'

/** What goes wrong at the doors, before a request is understood. */
export const network = domain(0x03, {
  http: subdomain(0x01, {
    request_too_large: [0x01, 'SizeLimitError', () => 'The HTTP request is larger than the server accepts.'],
    unexpected_error: [0x02, 'BadRequestError', (fault: string) => `Caught an unexpected HTTP error: ${fault}`],
    too_many_encodings: [0x03, 'BadRequestError', () => 'The HTTP body is encoded too many times over.'],
    unsupported_compression: [0x04, 'BadRequestError', (algorithm: string) => `Compression "${algorithm}" is not supported.`],
    compression_disabled: [0x05, 'BadRequestError', () => 'Compressed HTTP bodies are switched off.'],
    unsupported_verb: [0x06, 'BadRequestError', (verb: string) => `HTTP verb "${verb}" is not supported.`],
    url_not_found: [0x07, 'NotFoundError', (path: string) => `API URL not found: ${path}.`],
    unsupported_content: [
      0x08,
      'BadRequestError',
      (contentType: string) => `Content type "${contentType}" is not supported. Send "application/json".`,
    ],
    unsupported_charset: [0x09, 'BadRequestError', (charset: string) => `Charset "${charset}" is not supported. Send "utf-8".`],
    duplicate_url: [0x0a, 'InternalError', (verb: string, path: string) => `Two routes answer to ${verb} ${path}.`],
    volatile_parse_failed: [0x0b, 'BadRequestError', (fault: string) => `The header "x-kuzzle-volatile" is not JSON: ${fault}`],
    body_parse_failed: [0x0c, 'BadRequestError', (body: string) => `The HTTP body is not JSON: ${body}`],
    file_too_large: [0x0d, 'SizeLimitError', () => 'A file of the HTTP form is larger than the server accepts.'],
    stream_closed: [0x0e, 'InternalError', () => 'The stream to answer with is already closed.'],
    stream_errored: [0x0f, 'InternalError', (fault: string) => `The stream to answer with failed: ${fault}`],
  }),
  mqtt: subdomain(0x02, {
    unexpected_error: [0x01, 'BadRequestError', (fault: string) => `Caught an unexpected MQTT error: ${fault}`],
  }),
  websocket: subdomain(0x03, {
    unexpected_error: [0x01, 'BadRequestError', (fault: string) => `Caught an unexpected WebSocket error: ${fault}`],
    ratelimit_exceeded: [0x02, 'TooManyRequestsError', () => 'This connection sends messages faster than it may.'],
  }),
  entrypoint: subdomain(0x04, {
    unexpected_event: [0x01, 'InternalError', (event: string) => `The entry point got an unknown event "${event}".`],
    invalid_port: [0x02, 'InternalError', (port: string) => `"${port}" is no port number.`],
    shutting_down: [0x03, 'ServiceUnavailableError', () => 'The server is stopping and takes no more messages.'],
  }),
})

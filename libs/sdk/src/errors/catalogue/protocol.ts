import { domain, subdomain } from './subdomain.js'

/** Doors that plugins bring. */
export const protocol = domain(0x06, {
  runtime: subdomain(0x01, {
    invalid_connection: [
      0x01,
      'PluginImplementationError',
      (protocol: string, connection: string) => `Protocol "${protocol}" announced a malformed connection: ${connection}.`,
    ],
    unknown_connection: [0x02, 'PluginImplementationError', (connectionId: string) => `Connection "${connectionId}" was never announced.`],
    already_exists: [0x03, 'PluginImplementationError', (protocol: string) => `Protocol "${protocol}" already exists.`],
  }),
})

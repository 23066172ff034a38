import { domain, subdomain } from './subdomain.js'

/** Several hosts that act as one. */
export const cluster = domain(0x08, {
  fatal: subdomain(0x00, {
    desync: [0x01, 'InternalError', (reason: string) => `This node has lost step with the cluster: ${reason}.`],
  }),
})

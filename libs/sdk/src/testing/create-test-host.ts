import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Mailbox } from './mailbox.js'
import type { TestHost, TestHostOptions } from './test-host.js'

/** What the host's package offers to this kit. */
interface HostPackage {
  startTestHost(options: TestHostOptions): Promise<TestHost>
  openMailbox(): Promise<Mailbox>
}

const HOST = 'mortise/testing'

/**
 * Starts a host for a test, in process and without a port. Needs the host's
 * package, `mortise`, as a development dependency of the plugin.
 *
 * @throws with the whole report when a plugin cannot be loaded, and with what
 * to install when the host's package is not found from here or the working folder.
 *
 * @example
 * const host = await createTestHost({ plugins: [CreatedAt] })
 * await host.createCollection('shop', 'orders')
 * const { _source } = await host.document.create('shop', 'orders', { city: 'Hue' })
 * await host.close()
 */
export async function createTestHost(options: TestHostOptions): Promise<TestHost> {
  const { startTestHost } = await importHost()
  return startTestHost(options)
}

/**
 * Opens a mailbox for what the plugins under test send: a server for mails on a
 * free port of this machine, which takes everything and delivers nothing.
 *
 * @example
 * const mailbox = await openMailbox()
 * const host = await createTestHost({ plugins: [Letters], config: { letters: { smtp: mailbox.url } } })
 */
export async function openMailbox(): Promise<Mailbox> {
  return (await importHost()).openMailbox()
}

/** From where this package lies, else from where the tests are run. */
async function importHost(): Promise<HostPackage> {
  try {
    return await import(HOST) as HostPackage
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error
    return await import(pathToFileURL(findHost()).href) as HostPackage
  }
}

function findHost(): string {
  try {
    return createRequire(join(process.cwd(), 'package.json')).resolve(HOST)
  } catch (cause) {
    throw new Error(`A test host is the host itself, and its package is not installed for ${process.cwd()}. Run "npm install --save-dev mortise".`, { cause })
  }
}

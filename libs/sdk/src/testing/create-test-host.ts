import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { TestHost, TestHostOptions } from './test-host.js'

/** What the host's package offers to this kit. */
interface HostPackage {
  startTestHost(options: TestHostOptions): Promise<TestHost>
}

const HOST = 'mortise/testing'

/**
 * Starts a host for a test, in process and without a port. Needs the host's
 * package, `mortise`, as a development dependency of the plugin.
 *
 * @throws with the whole report when a plugin cannot be loaded.
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

/** From where this package lies, else from where the tests are run. */
async function importHost(): Promise<HostPackage> {
  try {
    return await import(HOST) as HostPackage
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error
    const entry = createRequire(join(process.cwd(), 'package.json')).resolve(HOST)
    return await import(pathToFileURL(entry).href) as HostPackage
  }
}

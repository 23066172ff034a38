import { createTestHost } from './create-test-host.js'
import { isolations, type Isolation } from './isolations.js'
import type { TestHost, TestHostOptions } from './test-host.js'

/**
 * Runs one test wherever the plugins may run, on a host of its own each time.
 * Plugins are given as folders of packages that were built: a class cannot
 * cross into a thread.
 *
 * @throws what the test throws, with the place in its message
 *
 * @example
 * await inEachIsolation({ plugins: [folder] }, async (host) => {
 *   await host.createCollection('shop', 'orders')
 * })
 */
export async function inEachIsolation(options: TestHostOptions, run: (host: TestHost, isolation: Isolation) => Promise<unknown>): Promise<void> {
  for (const isolation of isolations) {
    const host = await createTestHost({ ...options, isolation })
    try {
      await run(host, isolation)
    } catch (cause) {
      throw new Error(`With the plugins run as "${isolation}": ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    } finally {
      await host.close()
    }
  }
}

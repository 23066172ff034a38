import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContextOptions, type Page } from 'playwright-core'

/** Debian's; `.ci/run` installs it. */
const EXECUTABLE = '/usr/bin/chromium'

/** It is to ask nobody but the host under test for anything. */
const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync',
]

/** A page in a real browser, and everything that went wrong in it. */
export interface BrowserPage {
  readonly page: Page
  /** Messages of uncaught errors and of refusals by the page's security policy. */
  readonly faults: readonly string[]
  close(): Promise<void>
}

/** Opens a browser with an empty profile of its own, which goes when it is closed. */
export async function openBrowser(options: BrowserContextOptions = {}): Promise<BrowserPage> {
  const profile = mkdtempSync(join(tmpdir(), 'mortise-browser-'))
  const browser = await chromium.launchPersistentContext(profile, { executablePath: EXECUTABLE, args: FLAGS, ...options })
  const page = await browser.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => { if (message.type() === 'error') faults.push(message.text()) })
  const close = async (): Promise<void> => {
    await browser.close()
    rmSync(profile, { recursive: true, force: true })
  }
  return { page, faults, close }
}

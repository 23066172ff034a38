import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { provideLauncher, type HostedApplication, type Launcher } from '@app/classic'
import { readClassicSettings } from './classic-settings.js'
import { loadSettings, mergeSettings, type Settings } from './config.js'
import { describeStart } from './describe-start.js'
import { openLog } from './logger.js'
import { OwnProcess } from './own-process.js'
import { takeOwnVariables } from './own-variables.js'
import { openVault } from './secrets-vault.js'
import { startMortise, type RunningMortise } from './start-mortise.js'

/** Folders upwards in which a repository is looked for. */
const REPOSITORY_DEPTH = 4

/** Starts applications that construct the compatibility package's `Backend`, in a process of their own and from the folder that it stands in. */
class ApplicationLauncher implements Launcher {
  /** What the process was started with is there for the next application in it, but not for plugins. */
  #taken: Readonly<Record<string, string | undefined>> = {}

  facts(): { version: string; commit: string | null } {
    return { version: readVersion(process.cwd()), commit: readCommit(process.cwd()) }
  }

  settings(): Record<string, unknown> {
    return this.#load().config
  }

  openVault(vault: { key?: string; file?: string }): Record<string, unknown> {
    return openVault({ root: process.cwd(), environment: process.env, ...vault })
  }

  async launch(application: HostedApplication): Promise<{ close(): Promise<void> }> {
    const settings = this.#load()
    const secrets = settings.readSecrets()
    const { known, unknown } = readClassicSettings(application.config.written)
    const configOf = (read: Settings): Settings['config'] => mergeSettings(read.config, known) as Settings['config']
    const config = configOf(settings)
    const logger = openLog(config.logging.level)
    this.#taken = { ...this.#taken, ...takeOwnVariables(process.env, logger) }
    if (unknown.length > 0) logger.warn(`The application sets ${unknown.map((path) => `"${path}"`).join(', ')}, which this host has no use for.`)
    const own = new OwnProcess(logger)
    try {
      const mortise = await startMortise({ config, rereadConfig: () => configOf(this.#load()), secrets, logger, application, onShutdownRequest: () => void own.stop() })
      own.runs(mortise)
      process.stdout.write(describeStart(mortise, mortise.config))
      return { close: () => closeAndRelease(mortise, own) }
    } catch (error) {
      own.release()
      throw error
    }
  }

  #load(): Settings {
    return loadSettings({ root: process.cwd(), environment: { ...this.#taken, ...process.env } })
  }
}

async function closeAndRelease(mortise: RunningMortise, own: OwnProcess): Promise<void> {
  await mortise.close()
  own.release()
}

function readVersion(folder: string): string {
  const path = join(folder, 'package.json')
  if (!existsSync(path)) return ''
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version?: unknown }
  return typeof version === 'string' ? version : ''
}

/** What the head of the repository points to, near the folder. */
function readCommit(folder: string, depth = REPOSITORY_DEPTH): string | null {
  const git = join(folder, '.git')
  if (!existsSync(join(git, 'HEAD'))) return depth > 1 && dirname(folder) !== folder ? readCommit(dirname(folder), depth - 1) : null
  const head = readFileSync(join(git, 'HEAD'), 'utf8').trim()
  const branch = /^ref: (.+)$/.exec(head)?.[1]
  if (branch === undefined) return head
  return existsSync(join(git, branch)) ? readFileSync(join(git, branch), 'utf8').trim() : null
}

provideLauncher(new ApplicationLauncher())

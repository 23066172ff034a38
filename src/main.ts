import { parseArgs } from 'node:util'
import { attributeStray } from '@app/loader'
import { loadSettings } from './config.js'
import { describeStart } from './describe-start.js'
import { openLog, type HostLogger } from './logger.js'
import { startMortise, type RunningMortise } from './start-mortise.js'
import { tellFault } from './tell-fault.js'

let mortise: RunningMortise | undefined
let isStopping = false

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: 'string' } } })
  const { config, readSecrets } = loadSettings({ root: process.cwd(), file: values.config, environment: process.env })
  const secrets = readSecrets()
  hideSecrets(process.env)
  const logger = openLog(config.logging.level)
  surviveStrayErrors(logger)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(logger))
  mortise = await startMortise({ config, secrets, logger, onShutdownRequest: () => void stop(logger) })
  process.stdout.write(describeStart(mortise, config))
}

/** Plugins in this process are given their own secrets, and should find no others in the environment. */
function hideSecrets(environment: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(environment)) {
    if (name.startsWith('MORTISE_SECRETS_')) delete environment[name]
  }
}

/** What plugins throw where nobody catches it is told under their name, and ends nothing. */
function surviveStrayErrors(logger: HostLogger): void {
  for (const stray of ['uncaughtException', 'unhandledRejection']) {
    process.on(stray, (error: unknown) => {
      const plugin = attributeStray(error, mortise?.host.folders ?? [])
      logger.for(plugin ?? 'host').error(error)
    })
  }
}

async function stop(logger: HostLogger): Promise<void> {
  if (isStopping) return
  isStopping = true
  try {
    await mortise?.close()
    process.exit(0)
  } catch (error) {
    logger.error(error)
    process.exit(1)
  }
}

main().catch((error: unknown) => {
  process.stderr.write(tellFault(error))
  process.exit(1)
})

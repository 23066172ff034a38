import { parseArgs } from 'node:util'
import { loadSettings } from './config.js'
import { describeStart } from './describe-start.js'
import { openLog } from './logger.js'
import { hideSecrets, OwnProcess } from './own-process.js'
import { RequestLog } from './request-log.js'
import { startMortise } from './start-mortise.js'
import { tellFault } from './tell-fault.js'

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: 'string' }, 'log-requests': { type: 'boolean', default: false } } })
  const { config, readSecrets } = loadSettings({ root: process.cwd(), file: values.config, environment: process.env })
  const secrets = readSecrets()
  hideSecrets(process.env)
  const logger = openLog(config.logging.level)
  const own = new OwnProcess(logger)
  const plugins = values['log-requests'] ? [RequestLog] : []
  const isDevelopment = config.server.development || process.env.NODE_ENV === 'development'
  const mortise = await startMortise({ config, secrets, plugins, logger, isDevelopment, onShutdownRequest: () => void own.stop() })
  own.runs(mortise)
  process.stdout.write(describeStart(mortise, config))
}

main().catch((error: unknown) => {
  process.stderr.write(tellFault(error))
  process.exit(1)
})

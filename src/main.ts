import { parseArgs } from 'node:util'
import { loadSettings } from './config.js'
import { describeStart } from './describe-start.js'
import { openLog } from './logger.js'
import { hideSecrets, OwnProcess } from './own-process.js'
import { startMortise } from './start-mortise.js'
import { tellFault } from './tell-fault.js'

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: 'string' } } })
  const { config, readSecrets } = loadSettings({ root: process.cwd(), file: values.config, environment: process.env })
  const secrets = readSecrets()
  hideSecrets(process.env)
  const logger = openLog(config.logging.level)
  const own = new OwnProcess(logger)
  const mortise = await startMortise({ config, secrets, logger, isDevelopment: config.server.development || process.env.NODE_ENV === 'development', onShutdownRequest: () => void own.stop() })
  own.runs(mortise)
  process.stdout.write(describeStart(mortise, config))
}

main().catch((error: unknown) => {
  process.stderr.write(tellFault(error))
  process.exit(1)
})

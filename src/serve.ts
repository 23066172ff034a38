import { parseArgs } from 'node:util'
import { loadSettings, type Settings } from './config.js'
import { describeStart } from './describe-start.js'
import { openLog } from './logger.js'
import { OwnProcess } from './own-process.js'
import { takeOwnVariables } from './own-variables.js'
import { RequestLog } from './request-log.js'
import { startMortise } from './start-mortise.js'

/** Starts the host of this folder, as the configuration, the environment and the command line say, and runs it until it is told to stop. */
export async function serve(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: 'string' }, driven: { type: 'boolean', default: false } } })
  const environment = { ...process.env }
  const load = (): Settings => loadSettings({ root: process.cwd(), file: values.config, environment })
  const { config, readSecrets } = load()
  const secrets = readSecrets()
  const isDriven = values.driven
  const { around, aroundReader, currentId } = RequestLog.paths
  const logger = openLog(config.logging.level, isDriven ? { requestId: currentId } : {})
  takeOwnVariables(process.env, logger)
  const own = new OwnProcess(logger)
  own.watchExit()
  if (isDriven) own.endWith(process.stdin)
  const seen = isDriven && { plugins: [RequestLog], instruments: { aroundListener: around, aroundReader } }
  const isDevelopment = isDriven || config.server.development || process.env.NODE_ENV === 'development'
  const mortise = await startMortise({ config, rereadConfig: () => load().config, secrets, logger, isDevelopment, isDriven, onShutdownRequest: () => void own.stop(), ...seen })
  own.runs(mortise)
  process.stdout.write(describeStart(mortise, config))
}

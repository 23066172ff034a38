import { join } from 'node:path'
import { answerTrial } from '@app/worker'
import { MortiseHost } from './host.js'
import { openLog } from './logger.js'
import type { TrialOrder } from './try-out.js'

// The module that processes begin with in which a plugin is tried.
answerTrial(async ({ root, config, secrets, folder, place, scratch }: TrialOrder) => {
  const host = new MortiseHost({ root, secrets, logger: openLog('silent'), config: { ...config, storage: { path: join(scratch, 'try.sqlite') } } })
  try {
    return await host.tryOut(folder, place)
  } finally {
    await host.close()
  }
})

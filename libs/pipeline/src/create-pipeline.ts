import type { Logger } from '@mortise/sdk'
import { Causation } from '@app/causation'
import type { EventBus, Registry } from '@app/registry'
import type { Gate } from '@app/security'
import { countNothing, type RequestCounter } from './passage.js'
import { Pipeline } from './pipeline.js'
import { Plans } from './plans.js'
import { respond } from './respond.js'
import { act, take } from './steps/act.js'
import { admit, type Admission } from './steps/admit.js'
import { after } from './steps/after.js'
import { authenticate } from './steps/authenticate.js'
import { authorize } from './steps/authorize.js'
import { before } from './steps/before.js'
import { requireAction } from './steps/require-action.js'
import { route } from './steps/route.js'

/** What the corridor is built of. */
export interface PipelineParts {
  readonly registry: Registry
  readonly bus: EventBus
  readonly gate: Gate
  readonly admission: Omit<Admission, 'bus'>
  /** Counts requests; nothing is counted when absent. */
  readonly counter?: RequestCounter
  /** Follows inner calls; with limits of its own when absent. */
  readonly causation?: Causation
  /** Told of requests of clients that failed through no fault of theirs (500). */
  readonly logger?: Pick<Logger, 'error'>
}

/** The corridor, step by step. To add a concern, add a file and a line. */
export function createPipeline({ registry, bus, gate, admission, counter = countNothing, causation = new Causation(), logger }: PipelineParts): Pipeline {
  const plans = new Plans(registry)
  const steps = [
    route(plans),
    admit({ ...admission, bus }),
    authenticate(gate, bus),
    authorize(gate, bus),
    requireAction(plans, counter),
    before(bus),
    act(causation),
    take,
    after(bus),
  ]
  return new Pipeline(plans, steps, respond({ bus, counter, logger }), causation)
}

import type { User } from '@mortise/sdk'
import { ANONYMOUS_ID } from './entities/built-in-entities.js'
import type { Gate, Identity } from './gate.js'

/** The gate of a host that knows no users: everybody is anonymous and may do everything. */
export class OpenGate implements Gate {
  authenticate(): Identity {
    const user: User = { _id: ANONYMOUS_ID, profileIds: ['anonymous'], name: 'Anonymous' }
    return { user, token: null }
  }

  authorize(): void {}

  limit(): void {}
}

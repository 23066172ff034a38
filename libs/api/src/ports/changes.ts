import type { Request } from '@mortise/sdk'
import type { ChangedDocument, ChangeKind, RealtimeHub } from '@app/realtime'

/**
 * Who wants to know of changed documents.
 * Told once a write is stored, and never for requests that asked to be
 * `silent`. It must neither throw nor keep the request waiting.
 */
export abstract class Changes {
  abstract tell(request: Request, kind: ChangeKind, documents: readonly ChangedDocument[]): void
}

/** For a host in which nobody watches documents. */
export class UnwatchedChanges extends Changes {
  tell(): void {}
}

/** Tells those who subscribed. */
export class RealtimeChanges extends Changes {
  constructor(private readonly realtime: RealtimeHub) {
    super()
  }

  tell(request: Request, kind: ChangeKind, documents: readonly ChangedDocument[]): void {
    this.realtime.tellChanges(request, kind, documents)
  }
}

import { Injectable, type Request } from '@mortise/sdk'
import { noteChanged, type ChangedDocument, type ChangeKind } from '@app/realtime'
import { Changes } from '../ports/changes.js'

type Written = ChangedDocument & { readonly created?: boolean }

/** Passes on what was written, unless the request asked to be silent. */
@Injectable()
export class Announcer {
  constructor(private readonly changes: Changes) {}

  /** @param whenNew - The kind of those that are new, where the action may create as well as change. */
  tell(request: Request, kind: ChangeKind, documents: readonly Written[], whenNew: ChangeKind = kind): void {
    if (kind === 'delete' || kind === 'update') noteChanged(request, documents)
    if (documents.length === 0 || request.getBoolean('silent')) return
    if (whenNew === kind) return this.changes.tell(request, kind, documents)
    for (const isNew of [true, false]) {
      const some = documents.filter(({ created = false }) => created === isNew)
      if (some.length > 0) this.changes.tell(request, isNew ? whenNew : kind, some)
    }
  }
}

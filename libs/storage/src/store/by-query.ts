import { ApiError } from '@mortise/sdk'
import type { Engine, StoredRow, Write } from '../engines/engine.js'
import type { DeletedByQuery, UpdatedByQuery } from '../searches.js'
import type { Collection } from './catalogue.js'
import { plans, toResult } from './documents-writer.js'
import type { DocumentsWriter } from './documents-writer.js'
import { pages } from './selection.js'
import type { Selection } from './selection.js'

/** Changes documents by query, a page at a time, so that other writers get their turn in between. */
export class ByQuery {
  constructor(private readonly engine: Engine, private readonly writer: DocumentsWriter) {}

  async update(
    collection: Collection, selection: Selection, { changes, brief }: { changes: Record<string, unknown>; brief: boolean },
  ): Promise<UpdatedByQuery> {
    const result: UpdatedByQuery = { updated: 0, successes: [], errors: [] }
    const plan = ({ id }: StoredRow): Write => plans.update(collection, { _id: id, body: changes })
    for await (const { document, written, refusal } of this.writePages(collection, selection, plan)) {
      if (written) result.updated++
      if (brief) continue
      if (written) result.successes.push({ _id: written._id, _source: written._source, _version: written._version, status: 200 })
      else result.errors.push({ document: { _id: document.id, body: changes }, reason: refusal?.message ?? 'document not found', status: refusal?.status ?? 404 })
    }
    return result
  }

  async delete(collection: Collection, selection: Selection, brief: boolean): Promise<DeletedByQuery> {
    const result: DeletedByQuery = { deleted: 0, documents: [], ids: [] }
    for await (const { written } of this.writePages(collection, selection, ({ id }) => plans.delete(collection, id))) {
      if (!written) continue
      result.deleted++
      if (brief) continue
      result.documents.push({ _id: written._id, _source: written._source, _version: written._version })
      result.ids.push(written._id)
    }
    return result
  }

  /** `written` is missing where the document was deleted by somebody else after it was found, and where the write was refused. */
  private async *writePages(collection: Collection, selection: Selection, plan: (row: StoredRow) => Write) {
    for await (const rows of pages(this.engine, collection.table, selection)) {
      const writes = rows.map(plan)
      const outcomes = await this.writer.carryOut(collection, writes)
      for (const [index, outcome] of outcomes.entries()) {
        const refusal = outcome.type === 'refused' && ApiError.is(outcome.error) ? outcome.error : undefined
        const isWritten = outcome.type !== 'missing' && !refusal
        yield { document: rows[index]!, written: isWritten ? toResult(collection, writes[index]!, outcome) : undefined, refusal }
      }
    }
  }
}

/** What must be stored by everything that was acknowledged, and what differs from it. */
import { isDeepStrictEqual } from 'node:util'

export class Ledger {
  /** `{ source, version }` by id. */
  documents = new Map()
  /** Operations without an answer. */
  pending = new Set()
  faults = []
  counts = { kills: 0, acknowledged: 0, storedUnheard: 0, absentUnheard: 0 }

  begin(operation) {
    this.pending.add(operation)
  }

  /** Takes the answer to an operation: from now on what it changed must be there. */
  acknowledge(operation, result) {
    this.pending.delete(operation)
    this.counts.acknowledged++
    const ids = operation.idsOf(result)
    if (ids.length !== operation.changes.length) this.faults.push(`${operation.name} of ${operation.changes.length} documents was told of ${ids.length}`)
    operation.changes.forEach((change, position) => this.#apply({ ...change, id: ids[position] }))
  }

  /** @param found - Everything that is stored: `{ source, version }` by id. */
  compare(found) {
    for (const operation of this.pending) this.#resolve(operation, found)
    this.pending.clear()
    for (const [id, { source, version }] of this.documents) {
      const stored = found.get(id)
      if (!stored) this.faults.push(`document ${id} is lost`)
      else if (stored.version !== version) this.faults.push(`document ${id} has version ${stored.version} instead of ${version}`)
      else if (!isDeepStrictEqual(stored.source, source)) this.faults.push(`document ${id} is not what was written`)
    }
    for (const id of found.keys()) if (!this.documents.has(id)) this.faults.push(`document ${id} is there and must not be`)
  }

  /** An operation that was cut off may have been carried out, but then in full. */
  #resolve({ name, changes }, found) {
    const bySerial = new Map([...found].map(([id, { source }]) => [source.serial, id]))
    const applied = changes.map((change) => ({ ...change, id: change.id ?? bySerial.get(change.source.serial) }))
      .filter(({ id, source, version }) => (source ? found.get(id)?.version === version && isDeepStrictEqual(found.get(id).source, source) : !found.has(id)))
    if (applied.length === 0) this.counts.absentUnheard++
    else if (applied.length < changes.length) this.faults.push(`${name} of ${changes.length} documents, cut off, was carried out for ${applied.length}`)
    else this.counts.storedUnheard++
    for (const change of applied) this.#apply(change)
  }

  #apply({ id, source, version }) {
    if (source) this.documents.set(id, { source, version })
    else this.documents.delete(id)
  }
}

/** What must be stored by everything that was acknowledged, and what differs from it. */
import { isDeepStrictEqual } from 'node:util'

export class Ledger {
  /** `{ source, version }` by id. */
  documents = new Map()
  /** Operations without an answer. */
  pending = new Set()
  /** What a durable listener must have been told: the version of each write, or that it was deleted. */
  changes = new Set()
  faults = []
  counts = { kills: 0, acknowledged: 0, storedUnheard: 0, absentUnheard: 0, delivered: 0, repeated: 0 }

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

  /** @param heard - What was delivered, in order: `{ key, event, id, version }`. */
  compareDeliveries(heard) {
    const told = new Map()
    const last = new Map()
    for (const { key, event, id, version } of heard) {
      this.counts.delivered++
      const change = describeChange(event === 'Delete' ? { id } : { id, version, source: {} })
      if (told.has(key)) this.counts.repeated++
      else if (!((event === 'Delete' ? Infinity : version) > (last.get(id) ?? 0))) this.faults.push(`${change} was delivered after ${last.get(id)}`)
      else last.set(id, event === 'Delete' ? Infinity : version)
      told.set(key, change)
    }
    const changes = new Set(told.values())
    for (const change of this.changes) if (!changes.has(change)) this.faults.push(`${change} was not delivered`)
    for (const change of changes) if (!this.changes.has(change)) this.faults.push(`${change} was delivered and not stored`)
  }

  #apply({ id, source, version }) {
    this.changes.add(describeChange({ id, source, version }))
    if (source) this.documents.set(id, { source, version })
    else this.documents.delete(id)
  }
}

const describeChange = ({ id, source, version }) => `document ${id} ${source ? version : 'deleted'}`

/**
 * What was done to the documents, and so what must be there, be told and be
 * delivered. Each document is written by one client, one request after another;
 * one whose request was lost is written no more, as either of two states is right.
 */
export class Record {
  /** Documents by id: the states that are right, `undefined` for none. */
  #documents = new Map()
  /** Changes that were acknowledged, and those that nobody knows of. */
  #changes = { sure: [], possible: [] }

  /** Notes an acknowledged change of a document. */
  done(change) {
    this.#documents.set(change.key, [change.state])
    this.#changes.sure.push(change)
  }

  /** Notes a change whose answer was lost. */
  lost(change) {
    this.#documents.set(change.key, [...(this.#documents.get(change.key) ?? [undefined]), change.state])
    this.#changes.possible.push(change)
  }

  /** What a document holds; only for those whose changes were all acknowledged. */
  stateOf(key) {
    return this.#documents.get(key)?.[0]
  }

  get size() {
    return this.#changes.sure.length
  }

  /** Yields what is wrong with the stored documents of a collection. */
  compareDocuments(collection, found) {
    const faults = []
    for (const [key, states] of this.#documents) {
      const [place, id] = key.split('/')
      if (place !== collection) continue
      const { createdAt, _kuzzle_info: _info, ...source } = found.get(id) ?? {}
      const text = found.has(id) ? JSON.stringify(source) : undefined
      if (!states.some((state) => (state && JSON.stringify(state)) === text)) faults.push(`document ${key} is ${text}, and should be ${states.map((state) => JSON.stringify(state)).join(' or ')}`)
      if (text !== undefined && typeof createdAt !== 'number') faults.push(`document ${key} has no stamp`)
    }
    for (const id of found.keys()) {
      if (!this.#documents.has(`${collection}/${id}`)) faults.push(`nobody wrote document ${collection}/${id}`)
    }
    return faults
  }

  /** Yields what a durable hook missed, or was told of without cause; it may be told more than once. */
  compareDeliveries(lines) {
    const told = new Set(lines.map(({ event, id, version }) => deliveryOf({ event, id, version })))
    const [sure, possible] = [this.#changes.sure, this.#changes.possible].map((changes) => new Map(changes.map((change) => [deliveryOf(change), change])))
    return [
      ...[...sure.keys()].filter((delivery) => !told.has(delivery)).map((delivery) => `the durable hook was never told of ${delivery}`),
      ...lines.filter(({ id }) => isOurs(id)).filter((line) => !sure.has(deliveryOf(line)) && !matches(possible, line)).map((line) => `the durable hook was told of ${deliveryOf(line)}, which never happened`),
      ...this.#compareOrder(lines),
    ]
  }

  /** Each document's changes are told in their order, when first told. */
  #compareOrder(lines) {
    const versions = new Map()
    const faults = []
    const seen = new Set()
    for (const { event, id, version } of lines) {
      const delivery = deliveryOf({ event, id, version })
      if (version === undefined || seen.has(delivery)) continue
      seen.add(delivery)
      if (version < (versions.get(id) ?? 0)) faults.push(`the durable hook was told of ${delivery} after version ${versions.get(id)}`)
      versions.set(id, version)
    }
    return faults
  }

  /** Yields what a listener that was there all along missed, heard twice or heard without cause. */
  compareNotifications(name, heard, { isComplete }) {
    const counts = new Map()
    for (const notification of heard.filter(({ type }) => type === 'document')) {
      const { action, result: { _id: id, _source: { n } = {} } } = notification
      const line = noticeOf({ action, id, n: action === 'delete' ? undefined : n })
      counts.set(line, (counts.get(line) ?? 0) + 1)
    }
    const notes = (changes) => changes.filter(({ collection }) => collection === 'notes').map(noticeOf)
    const sure = new Set(notes(this.#changes.sure))
    const possible = new Set(notes(this.#changes.possible))
    return [
      ...[...sure].filter((line) => isComplete && !counts.has(line)).map((line) => `${name} was not told of ${line}`),
      ...[...counts].filter(([line]) => !sure.has(line) && !possible.has(line)).map(([line]) => `${name} was told of ${line}, which never happened`),
      ...[...counts].filter(([, count]) => count > 1).map(([line, count]) => `${name} was told ${count} times of ${line}`),
    ]
  }

  /** Yields the deletions that were logged and never happened. */
  compareDeletions(lines) {
    const deleted = new Set([...this.#changes.sure, ...this.#changes.possible].filter(({ event }) => event === 'Delete').map(({ id }) => id))
    return lines.filter(({ _id }) => !deleted.has(_id)).map(({ _id }) => `the deletion of ${_id} was logged, and never happened`)
  }

  /** The ids of notes that were deleted for sure since so many changes. */
  deletedSince(start) {
    return this.#changes.sure.slice(start).filter(({ event }) => event === 'Delete').map(({ id }) => id)
  }
}

const isOurs = (id) => /^[no]-/.test(id)
/** A deletion is answered without a version. */
const deliveryOf = ({ event, id, version }) => `${event} of ${id}${event === 'Delete' ? '' : `, version ${version}`}`
const noticeOf = ({ action, id, n }) => `${action} of ${id}${n === undefined ? '' : ` to ${n}`}`

/** A change whose answer was lost has no version that anybody knows. */
const matches = (possible, { event, id }) => [...possible.values()].some((change) => change.event === event && change.id === id)

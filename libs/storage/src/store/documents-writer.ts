import { ApiError, createError } from '@mortise/sdk'
import type { Place } from '../document-store.js'
import { METADATA_FIELD } from '../documents.js'
import type { DocumentInput, FailedDocument, ManyResult, StoredDocument, UpsertInput, WrittenDocument } from '../documents.js'
import type { DocumentChange } from '../deliveries.js'
import type { Engine, Follow, Outcome, Write } from '../engines/engine.js'
import { isMissingTable } from '../engines/faults.js'
import { UnreadDocument } from '../unread-document.js'
import type { Catalogue, Collection } from './catalogue.js'
import { checkDocument } from './document-check.js'
import { createDocumentId } from './document-id.js'
import { MappingDraft } from './mapping-draft.js'
import { merge, withoutFields } from './merge.js'
import { checkId, checkKnownId } from './names.js'
import { inSlices } from './slices.js'

type Properties = Record<string, unknown>

type WriteOf<Kind> = Extract<Write, { kind: Kind }>

/** Makes a write of what a caller handed in. @throws what makes it impossible. */
export type Plan<Input> = (collection: Collection, input: Input) => Write

const isObject = (value: unknown): value is Properties => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The ways to write a document. Each checks id and body, and holds the body against the mapping. */
export const plans = {
  create: (collection: Collection, { _id = createDocumentId(), body }: DocumentInput): Write =>
    ({ kind: 'create', table: collection.table, id: _id, source: checkBody(collection, _id, body) }),

  put: (collection: Collection, { _id = createDocumentId(), body }: DocumentInput): WriteOf<'put'> =>
    ({ kind: 'put', table: collection.table, id: _id, source: checkBody(collection, _id, body) }),

  replace: (collection: Collection, { _id, body }: DocumentInput): Write => {
    const id = requireId(_id)
    return { kind: 'replace', table: collection.table, id, source: checkBody(collection, id, body) }
  },

  update: (collection: Collection, { _id, body }: DocumentInput): Write => {
    const id = requireId(_id)
    const changes = checkBody(collection, id, body)
    return { kind: 'update', table: collection.table, id, fields: fieldsOf(changes), change: judged(collection, id, (current) => merge(current, changes)) }
  },

  upsert: (collection: Collection, { _id, changes, whenCreated = {}, whenUpdated = {}, ...input }: UpsertInput): WriteOf<'update'> => {
    const id = requireId(_id)
    const whenMissing = merge(merge(checkBody(collection, id, input.default ?? {}), checkBody(collection, id, changes)), whenCreated)
    const change = judged(collection, id, (current) => merge(merge(current, changes), whenUpdated))
    return { kind: 'update', table: collection.table, id, fields: fieldsOf(changes), whenMissing, change }
  },

  deleteFields: (collection: Collection, input: { _id: string; fields: readonly string[]; merge: Properties }): Write => ({
    kind: 'update',
    table: collection.table,
    id: requireId(input._id),
    change: judged(collection, input._id, (current) => merge(withoutFields(current, input.fields), input.merge)),
  }),

  delete: (collection: Collection, _id: string): Write => ({ kind: 'delete', table: collection.table, id: requireId(_id) }),
}

type Change = (current: Properties) => Properties

/** A change whose outcome is shown to the judge of the place, where it has one. */
function judged({ judge }: Collection, id: string, change: Change): Change {
  if (!judge) return change
  return (current) => {
    const changed = change(current)
    judge(changed, id)
    return changed
  }
}

/** Metadata is the house's, so it is not among the fields that a caller changed. */
const fieldsOf = (changes: Properties): string[] => Object.keys(changes).filter((field) => field !== METADATA_FIELD)

function requireId(id: string | undefined): string {
  checkKnownId(id)
  return id
}

function checkBody(collection: Collection, id: string, body: unknown): Properties {
  checkId(id)
  if (!isObject(body)) throw createError('services.storage.invalid_argument', 'body', 'an object')
  checkDocument(body, collection.mappings, { id, index: collection.index, collection: collection.name })
  collection.learn?.(body)
  return body
}

/** Carries out writes, one or many, and says what became of each. */
export class DocumentsWriter {
  constructor(private readonly engine: Engine, private readonly catalogue: Catalogue, private readonly tellRecorded: () => void) {}

  async one<Input>(place: Place, plan: Plan<Input>, input: Input): Promise<WrittenDocument & StoredDocument> {
    const collection = this.catalogue.known(place) ?? await this.catalogue.find(place)
    const write = collection.grows ? await this.planning(place, (draft) => plan(draft, input)) : plan(collection, input)
    const [outcome] = await this.carryOut(collection, [write]) as [Outcome]
    const result = toResult(collection, write, outcome)
    return 'text' in outcome && outcome.text !== undefined ? unread(result, outcome.text) : result
  }

  async many<Input extends DocumentInput | UpsertInput>(
    place: Place, plan: Plan<Input>, inputs: readonly Input[],
  ): Promise<ManyResult<WrittenDocument, FailedDocument>> {
    return this.each(place, plan, inputs, (document, fault) => ({ document, ...fault }))
  }

  /** Writes what can be written; `toFailure` words the rest. */
  async each<Input, Failure>(
    place: Place, plan: Plan<Input>, inputs: readonly Input[], toFailure: (input: Input, fault: { reason: string; status: number }) => Failure,
  ): Promise<ManyResult<WrittenDocument, Failure>> {
    const collection = await this.catalogue.find(place)
    const attempts = await this.planning(place, (draft) => inSlices(inputs, (input) => attempt(() => plan(draft, input))))
    const planned = attempts.filter((write): write is Write => !(write instanceof Fault))
    const outcomes = (await this.carryOut(collection, planned)).values()
    const result: ManyResult<WrittenDocument, Failure> = { successes: [], errors: [] }
    let index = 0
    await inSlices(attempts, (write) => {
      const written = write instanceof Fault ? write : attempt(() => toResult(collection, write, outcomes.next().value as Outcome))
      if (written instanceof Fault) result.errors.push(toFailure(inputs[index] as Input, written.toJSON()))
      else result.successes.push(written)
      index++
    })
    return result
  }

  /**
   * Makes writes of what `work` is given a collection for. Fields that these bring to a mapping that grows are declared before the writes
   * are carried out; where another writer gave one of them another type meanwhile, `work` is done anew.
   */
  async planning<T>(place: Place, work: (collection: Collection) => T | Promise<T>): Promise<T> {
    for (;;) {
      const collection = this.catalogue.known(place) ?? await this.catalogue.find(place)
      if (!collection.grows) return work(collection)
      const draft = new MappingDraft(collection)
      const planned = await work(draft.collection)
      if (!draft.additions || await this.catalogue.grow(place, draft.additions)) return planned
    }
  }

  /** @throws `services.storage.unknown_collection` when somebody deletes the collection meanwhile */
  async carryOut(collection: Collection, writes: readonly Write[]): Promise<Outcome[]> {
    try {
      const outcomes = await this.engine.write(writes, followOf(collection))
      if (collection.recorder) this.tellRecorded()
      for (const outcome of outcomes) if (outcome.type === 'refused' && isMissingTable(outcome.error)) throw outcome.error
      return outcomes
    } catch (error) {
      throw await this.catalogue.explain(error, { index: collection.index, collection: collection.name })
    }
  }
}

/** What of each write that was carried out is to be delivered. */
function followOf({ recorder, index, name: collection }: Collection): Follow | undefined {
  if (!recorder) return undefined
  return (writes, outcomes) => outcomes.flatMap((outcome, position) => {
    if (!('source' in outcome)) return []
    const { id: _id, ...write } = writes[position]!
    const kind: DocumentChange['kind'] = write.kind === 'update' || write.kind === 'delete' ? write.kind : 'write'
    const document = {
      _id, _source: outcome.source, _version: outcome.version,
      ...(kind !== 'delete' && { created: outcome.type === 'created' }),
      ...(write.kind === 'update' && write.fields && { _updatedFields: write.fields }),
    }
    return recorder({ index, collection, kind, document })
  })
}

/** Why one document of many was not written. */
class Fault {
  constructor(private readonly error: ApiError) {}

  toJSON(): { reason: string; status: number } {
    if (this.error.id === 'services.storage.document_already_exists') return { reason: 'document already exists', status: 400 }
    if (this.error.id === 'services.storage.not_found') return { reason: 'document not found', status: 404 }
    return { reason: this.error.message, status: this.error.status }
  }
}

function attempt<T>(work: () => T): T | Fault {
  try {
    return work()
  } catch (error) {
    if (ApiError.is(error)) return new Fault(error)
    throw error
  }
}

/** What was written, as the text that was made of it. */
const unread = ({ _id, _source, _version, ...rest }: WrittenDocument, text: string): WrittenDocument =>
  Object.assign(new UnreadDocument(_id, text, _version, _source), rest)

/** @throws the reason why it was not written */
export function toResult(collection: Collection, write: Write, outcome: Outcome): WrittenDocument {
  if (outcome.type === 'refused') throw outcome.error
  if (outcome.type === 'taken') throw createError('services.storage.document_already_exists')
  if (outcome.type === 'missing') throw createError('services.storage.not_found', write.id, collection.index, collection.name)
  const created = outcome.type === 'created'
  const result: WrittenDocument = {
    _id: write.id,
    _source: outcome.source,
    _version: outcome.version,
    created,
    result: created ? 'created' : 'updated',
    status: created ? 201 : 200,
  }
  if (write.kind === 'update' && write.fields) result._updatedFields = write.fields
  return result
}

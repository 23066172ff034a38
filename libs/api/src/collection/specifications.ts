import { ApiError, createError, createErrorFrom, Injectable } from '@mortise/sdk'
import { mergeDocuments, type Place, type Properties, type SearchBody, type SearchOptions, type SearchResult, type UpsertInput } from '@app/storage'
import { KnownTypes } from '../ports/known-types.js'
import { Store } from '../ports/store.js'
import { compileSpecification, fieldAt, type CompiledSpecification } from './compile-specification.js'
import type { Specification } from './specification.js'
import { faultOfValidators, fillDefaults, validateDocument, type DocumentFault, type ValidationOptions } from './validate-document.js'

/** A specification as it is kept. Times in milliseconds since the epoch. */
export interface StoredSpecification {
  index: string
  collection: string
  validation: Specification
  _kuzzle_info: { author: null; createdAt: number; updatedAt: number; updater: null }
}

/** Where specifications are kept, out of clients' reach. */
const HOME: Place = { scope: 'internal', index: 'mortise', collection: 'validations' }

/** Specifications by the keys of their collections; an error is what a stored one cannot be used for. */
type Compiled = ReadonlyMap<string, CompiledSpecification | ApiError>

const keyOf = ({ index, collection }: Place): string => `${index}#${collection}`

/** On which hosts that share a store tell each other that specifications have changed. */
const TOPIC = 'specifications'

/**
 * The collections' specifications, and documents held against them. They are
 * read once and kept in memory until one changes, here or on another host of
 * the store, or types that plugins bring come or go, so that a collection without one costs its writes nothing.
 */
@Injectable()
export class Specifications {
  #compiled: Compiled | undefined
  #loading: Promise<Compiled> | undefined
  readonly #stops: (() => void)[]

  constructor(private readonly store: Store, private readonly types: KnownTypes) {
    const renew = (): void => this.#renew()
    this.#stops = [store.messages.on(TOPIC, renew), store.messages.onGap(renew), types.onChange(renew)]
  }

  onModuleDestroy(): void {
    for (const stop of this.#stops) stop()
  }

  /** Whether it is known that no collection has one, so that nothing need be waited for. */
  get areNone(): boolean {
    return this.#compiled?.size === 0
  }

  /** @throws `validation.assert.not_found` (404) */
  async get(place: Place): Promise<StoredSpecification> {
    await this.#load()
    const { successes: [found] } = await this.store.mGet(HOME, [keyOf(place)])
    if (!found) throw createError('validation.assert.not_found', place.index, place.collection)
    return found._source as unknown as StoredSpecification
  }

  /** Checks a specification and puts it in force. @throws `validation.assert.invalid_specifications` (400), and nothing changes. */
  async put({ index, collection }: Place, specification: unknown): Promise<Specification> {
    const faults = this.faultsOf(specification)
    if (faults.length > 0) throw createError('validation.assert.invalid_specifications', faults.join(' '))
    await this.#load()
    const now = Date.now()
    const validation = specification as Specification
    const _kuzzle_info = { author: null, createdAt: now, updatedAt: now, updater: null }
    await this.store.createOrReplace(HOME, { _id: keyOf({ index, collection }), body: { index, collection, validation, _kuzzle_info } })
    await this.#tellChanged()
    return validation
  }

  /** What is wrong with a specification, in sentences. */
  faultsOf(specification: unknown): string[] {
    try {
      compileSpecification(specification, this.types)
      return []
    } catch (error) {
      if (ApiError.is(error)) return [error.message]
      throw error
    }
  }

  /** Drops the specification of a collection, or those of all collections of an index. */
  async forget({ index, collection }: { index: string; collection?: string }): Promise<void> {
    await this.#load()
    const query = { and: [{ equals: { index } }, ...(collection === undefined ? [] : [{ equals: { collection } }])] }
    await this.store.deleteByQuery(HOME, { query }, { lang: 'koncorde', brief: true })
    await this.#tellChanged()
  }

  async search(body: SearchBody, options: SearchOptions): Promise<SearchResult> {
    await this.#load()
    return this.store.search(HOME, body, options)
  }

  /**
   * The document as it is to be stored: with default values, unless it is `partial`.
   *
   * @throws `validation.check.failed_field` or `validation.check.failed_document` (400) for the first fault.
   */
  async check(place: Place, document: Properties, options: ValidationOptions = {}): Promise<Properties> {
    const specification = await this.#of(place)
    if (!specification) return document
    const whole = options.partial ? document : fillDefaults(specification.root, document)
    const [first] = await validateDocument(specification, whole, options)
    if (first) throw toError(first)
    return whole
  }

  /** Checks the changes when the document is there, else the document they make with `default`, which is then filled in. */
  async checkUpsert<T extends UpsertInput>(place: Place, upsert: T): Promise<T> {
    const specification = await this.#of(place)
    if (!specification) return upsert
    if (await this.store.exists(place, upsert._id)) {
      await this.check(place, upsert.changes, { partial: true })
      return upsert
    }
    return { ...upsert, default: await this.check(place, mergeDocuments(upsert.default ?? {}, upsert.changes), { id: upsert._id }) }
  }

  /**
   * The place as updates of its documents are to name it: the validators see what each update makes of its document.
   *
   * @throws `validation.check.failed_document` (400) from the write, when they do not match
   */
  async judged(place: Place): Promise<Place> {
    const specification = this.areNone ? undefined : await this.#of(place)
    if (!specification?.validator) return place
    const judge = (document: Properties, id: string): void => {
      const fault = faultOfValidators(specification, document, id)
      if (fault) throw toError(fault)
    }
    return { ...place, judge }
  }

  /** @throws `validation.check.failed_field` (400) for a field, given as a dotted path, that a document must have. */
  async checkRemoval(place: Place, fields: readonly string[]): Promise<void> {
    const specification = await this.#of(place)
    const kept = specification && fields.find((path) => fieldAt(specification.root, path)?.specification.mandatory)
    if (kept !== undefined) throw createError('validation.check.failed_field', kept, 'it is mandatory')
  }

  /** All that is wrong with a document; nothing, when its collection has no specification. */
  async validate(place: Place, document: Properties): Promise<DocumentFault[]> {
    const specification = await this.#of(place)
    return specification ? validateDocument(specification, fillDefaults(specification.root, document)) : []
  }

  async #of(place: Place): Promise<CompiledSpecification | undefined> {
    const found = (this.#compiled ?? await this.#load()).get(keyOf(place))
    if (ApiError.is(found)) throw found
    return found
  }

  /** From here on specifications are read anew. */
  #renew(): void {
    this.#compiled = undefined
    this.#loading = undefined
  }

  async #tellChanged(): Promise<void> {
    this.#renew()
    await this.store.messages.send(TOPIC, null)
  }

  /** What is read while specifications change is used once, and not kept. */
  #load(): Promise<Compiled> {
    if (this.#loading) return this.#loading
    const loading = this.#read()
    this.#loading = loading
    loading.then(
      (compiled) => { if (this.#loading === loading) this.#compiled = compiled },
      () => { if (this.#loading === loading) this.#loading = undefined },
    )
    return loading
  }

  async #read(): Promise<Compiled> {
    if (!await this.store.collectionExists(HOME)) await this.store.createCollection(HOME)
    const compiled = new Map<string, CompiledSpecification | ApiError>()
    for await (const { _id, _source } of this.store.export(HOME)) {
      compiled.set(_id, compileStored(_source as unknown as StoredSpecification, this.types))
    }
    return compiled
  }
}

/** What was stored by a host that took more than this one, or while a plugin ran that is gone, is a matter of its collection alone: writes of its documents are refused with the fault. */
function compileStored({ index, collection, validation }: StoredSpecification, types: KnownTypes): CompiledSpecification | ApiError {
  try {
    return compileSpecification(validation, types)
  } catch (error) {
    if (ApiError.is(error)) return createErrorFrom(error, 'validation.assert.invalid_specifications', `${error.message} It is that of "${index}":"${collection}".`)
    throw error
  }
}

function toError({ path, fault }: DocumentFault): ApiError {
  return path.length === 0 ? createError('validation.check.failed_document', fault) : createError('validation.check.failed_field', path.join('.'), fault)
}

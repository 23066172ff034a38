import { Injectable, type Request } from '@mortise/sdk'
import type { Place, Properties, UpsertInput } from '@app/storage'
import { Specifications } from '../collection/specifications.js'
import { Metadata, withInfo } from './metadata.js'

/** Changes as they are to be stored, and as they were sent but for what the specification put right. */
export interface UpdateDraft {
  readonly changes: Properties
  readonly body: Properties
}

/**
 * Makes a document of a request ready for the store: held against the
 * collection's specification, and given its metadata.
 *
 * @throws `validation.check.*` (400) from each method.
 */
@Injectable()
export class Drafts {
  constructor(readonly specifications: Specifications, readonly metadata: Metadata) {}

  /** At once, unless there is something to wait for. */
  ofNew(request: Request, place: Place, body: Properties): Properties | Promise<Properties> {
    if (this.specifications.areNone) return this.#withNewInfo(request, body)
    return this.specifications.check(place, body).then((checked) => this.#withNewInfo(request, checked))
  }

  async ofReplacement(request: Request, place: Place, body: Properties): Promise<Properties> {
    return withInfo(await this.specifications.check(place, body), await this.metadata.ofReplaced(request))
  }

  async ofUpdate(request: Request, place: Place, changes: Properties): Promise<UpdateDraft> {
    const checked = await this.specifications.check(place, changes, { partial: true })
    return { changes: checked, body: withInfo(checked, await this.metadata.ofUpdate(request)) }
  }

  async ofUpsert(request: Request, place: Place, upsert: UpsertInput): Promise<UpsertInput> {
    return { ...await this.specifications.checkUpsert(place, upsert), ...await this.metadata.ofUpsert(request) }
  }

  #withNewInfo(request: Request, body: Properties): Properties | Promise<Properties> {
    const info = this.metadata.ofNew(request)
    return info instanceof Promise ? info.then((asked) => withInfo(body, asked)) : withInfo(body, info)
  }
}

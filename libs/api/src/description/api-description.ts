import { Injectable } from '@mortise/sdk'
import { Registry } from '@app/registry'
import { Host } from '../ports/host.js'
import { describeEvents } from './async-api.js'
import { describeActions, inScope, type ApiScope, type DescribedAction } from './described-action.js'
import { renderPage } from './docs-page.js'
import { describeApi } from './open-api.js'
import { overlay } from './overlay.js'

/** What there is to call and to hear, for people and their tools. Read anew only after a plugin has come or gone. */
@Injectable()
export class ApiDescription {
  #actions: readonly DescribedAction[] | undefined
  #page: string | undefined

  constructor(private readonly host: Host, private readonly registry: Registry) {
    registry.onChange(() => {
      this.#actions = undefined
      this.#page = undefined
    })
  }

  get #all(): readonly DescribedAction[] {
    return (this.#actions ??= describeActions(this.registry))
  }

  actions(scope: ApiScope): readonly DescribedAction[] {
    return inScope(this.#all, scope)
  }

  /** In OpenAPI 3.1, under what an application says of itself. */
  openApi(scope: ApiScope): object {
    const described = describeApi(inScope(this.#all, scope), this.host.version)
    const own = scope === 'kuzzle' ? undefined : this.host.application()?.openApi
    return own ? overlay({ ...described }, own) : described
  }

  /** In AsyncAPI 3.0. @param host - name and port at which clients reach the host */
  asyncApi(scope: ApiScope, host: string): object {
    return describeEvents(inScope(this.#all, scope), { version: this.host.version, host, withHost: scope !== 'app' })
  }

  /** A page in HTML that shows all actions. */
  get page(): string {
    return (this.#page ??= renderPage(this.#all, this.host.version))
  }
}

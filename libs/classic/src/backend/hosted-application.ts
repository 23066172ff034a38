import type { ApplicationInstallations } from './installations.js'
import type { GivenByApplication } from './plugins.js'
import type { ApplicationParts } from './stage.js'

/** An application as the host sees it that runs for it. */
export interface HostedApplication {
  readonly name: string
  readonly version: string
  /** The commit that its folder is at; `null` outside of a repository. */
  readonly commit: string | null
  readonly openApi: { readonly definition: Record<string, unknown> }
  /** What its code has set of the configuration. */
  readonly config: { readonly written: Record<string, unknown> }
  /** What its plugins find as secrets. */
  readonly vault: { readonly opened: Readonly<Record<string, unknown>> }
  /** Whether it brings anything of its own. */
  readonly declares: boolean
  /** What is to be loaded: its plugins, and last of all the application itself. */
  readonly candidates: { readonly plugins: readonly GivenByApplication[]; readonly itself: GivenByApplication }
  /** To be run after everything that is imported, before clients come. */
  readonly installations: Pick<ApplicationInstallations, 'run'>
  /** Of the host that it runs in; `undefined` before and after. */
  readonly parts: ApplicationParts | undefined
  /** To be called before its plugins start. */
  attach(parts: ApplicationParts): void
  /** To be called when the host takes requests. */
  markStarted(): void
  /** To be called when the host goes. */
  close(): void
}

import { createError } from '@mortise/sdk'
import type { HostedApplication } from './hosted-application.js'

/** An application that takes requests. */
export interface LaunchedApplication {
  close(): Promise<void>
}

/** What an application that stands in a folder finds there. */
interface ApplicationFacts {
  /** Of its `package.json`; empty when there is none. */
  readonly version: string
  /** The commit that the folder is at; `null` outside of a repository. */
  readonly commit: string | null
}

/** Starts applications that construct a `Backend` themselves. The composition provides it: it alone knows a whole host. */
export interface Launcher {
  facts(): ApplicationFacts
  /** The configuration of file and environment, with all defaults. */
  settings(): Record<string, unknown>
  /** Opens what the vault names: secrets as a tree. @throws `core.vault.*` */
  openVault(vault: { key?: string; file?: string }): Record<string, unknown>
  /** Starts a host around the application. */
  launch(application: HostedApplication): Promise<LaunchedApplication>
}

let provided: Launcher | undefined

/** To be called where the host is put together. */
export function provideLauncher(launcher: Launcher): void {
  provided = launcher
}

/** @throws `plugin.runtime.unavailable_before_start` where nobody can start a host */
export function requireLauncher(member: string): Launcher {
  if (provided) return provided
  throw createError('plugin.runtime.unavailable_before_start', member).with({ hint: 'Import "mortise" first: it is what starts applications.' })
}

export const findLauncher = (): Launcher | undefined => provided

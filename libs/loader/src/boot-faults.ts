import { basename } from 'node:path'
import { ApiError, createErrorFrom } from '@mortise/sdk'
import { RegistrationError } from '@app/registry'
import { BootError, type MissingPlugin } from './boot-report.js'

/** What is wrong with a boot: faults that end it, and optional plugins that it goes on without. */
export class BootFaults {
  readonly #ending: ApiError[] = []
  readonly #missing = new Map<string, ApiError[]>()

  /** @param isOptional - Whether the host is to start without the plugin of that name, when it must. */
  constructor(private readonly isOptional: (name: string) => boolean) {}

  /** Takes what was thrown for a plugin. Before its name is known, it goes by that of its folder or package. */
  add(thrown: unknown, { place, name = basename(place.split(' → ')[0] ?? '') }: { place: string; name?: string }): void {
    const faults = faultsOf(thrown, place)
    if (!this.isOptional(name)) this.#ending.push(...faults)
    else this.#missing.set(name, [...this.#missing.get(name) ?? [], ...faults])
  }

  get isNone(): boolean {
    return this.#ending.length + this.#missing.size === 0
  }

  get ending(): readonly ApiError[] {
    return this.#ending
  }

  /** Optional plugins that the host has to do without, and why. */
  get missing(): readonly MissingPlugin[] {
    return [...this.#missing].map(([name, faults]) => ({ name, error: new BootError(faults) }))
  }
}

/** Every fault in what was thrown, each with a place. */
function faultsOf(thrown: unknown, place: string): readonly ApiError[] {
  if (thrown instanceof BootError || thrown instanceof RegistrationError) return thrown.faults
  if (!ApiError.is(thrown)) return [createErrorFrom(thrown, 'plugin.assert.cannot_load', place, String(thrown)).with({ place })]
  return [thrown.with({ place: thrown.place ?? place })]
}

import { createError, createErrorFrom } from '@mortise/sdk'
import type { FieldType, KnownTypes } from '@app/api'
import type { AddedTypes, ClassicDefinition, ValidationDesk, ValidationType } from '@app/classic'
import type { PluginDefinition, Registry } from '@app/registry'
import { blame, isThenable, messageOf, type Supervisor } from '@app/supervision'

/** What the types of classic plugins are made available with. */
export interface ClassicTypesParts {
  readonly registry: Registry
  readonly supervisor: Supervisor
  /** The types that specifications may name. */
  readonly known: KnownTypes
  /** Milliseconds that a type has to judge a value in, where its plugin's budget does not say, and after which it is logged as slow: it stands in a request's way as pipes do. */
  readonly limits: { readonly pipeTimeout: number; readonly pipeWarnTime: number }
}

interface OwnedType {
  readonly plugin: string
  readonly type: ValidationType
}

/** Lets specifications name the types that classic plugins bring, while those start and as long as they are registered. */
export class ClassicTypes implements ValidationDesk {
  #inForce: ReadonlyMap<string, OwnedType> = new Map()
  /** Plugins that were not registered yet. */
  readonly #starting = new Map<readonly ValidationType[], string>()

  constructor(private readonly parts: ClassicTypesParts) {
    parts.registry.onChange(() => this.#synchronize())
  }

  open(plugin: string): AddedTypes {
    const list: ValidationType[] = []
    this.#starting.set(list, plugin)
    return {
      list,
      add: (type) => {
        this.#refuseTaken(type.typeName, { plugin, list })
        list.push(type)
        this.#synchronize()
      },
      close: () => {
        this.#starting.delete(list)
        this.#synchronize()
      },
    }
  }

  /** One of the same plugin in force is not in the way: this one may be about to take its place. */
  #refuseTaken(typeName: string, { plugin, list }: { plugin: string; list: readonly ValidationType[] }): void {
    const owned = this.#inForce.get(typeName)
    const isTaken = owned ? owned.plugin !== plugin : this.parts.known.get(typeName) !== undefined
    if (isTaken || list.some((type) => type.typeName === typeName)) throw createError('validation.types.already_exists', typeName)
  }

  /** Has specifications name what there is now. Where two have one name, the one that is registered counts. */
  #synchronize(): void {
    const registered = this.parts.registry.plugins.map((plugin) => ({ plugin: plugin.name, types: typesOf(plugin) }))
    for (const { types } of registered) this.#starting.delete(types)
    const starting = [...this.#starting].map(([types, plugin]) => ({ plugin, types }))
    const wanted = new Map<string, OwnedType>()
    for (const { plugin, types } of [...registered, ...starting]) {
      for (const type of types) if (!wanted.has(type.typeName)) wanted.set(type.typeName, { plugin, type })
    }
    if (wanted.size === this.#inForce.size && [...wanted].every(([name, { type }]) => this.#inForce.get(name)?.type === type)) return
    this.#inForce = wanted
    this.parts.known.setOfPlugins(new Map([...wanted].map(([name, owned]) => [name, this.#fieldTypeOf(owned)])))
  }

  #fieldTypeOf({ plugin, type }: OwnedType): FieldType {
    const { typeName } = type
    const { supervisor, limits: { pipeTimeout: timeout, pipeWarnTime: warnTime } } = this.parts
    const listener = `validation type "${typeName}", method validate`
    const judge = supervisor.guard(
      { plugin, name: `${typeName}.validate`, listener, warnTime, handler: (options, value) => faultOf(type, options as object, value) },
      { kind: 'type', event: `validation:${typeName}`, timeout },
    )
    return {
      options: type.allowedTypeOptions,
      hasChildren: type.allowChildren,
      checkOptions: (options, path) => readOptions({ plugin, type }, options, path),
      ...(type.allowChildren && { strictnessOf: (options: object, around: boolean) => strictnessOf({ plugin, type }, options, around) }),
      // Always a promise: what it throws must not keep others from being waited for.
      faultOf: async (value, options) => await judge(options, value) as string | undefined,
    }
  }
}

const typesOf = (plugin: PluginDefinition): readonly ValidationType[] => (plugin as Partial<ClassicDefinition>).validationTypes ?? []

/** Published types answer at once; one that promises its answer is waited for. */
function faultOf(type: ValidationType, options: object, value: unknown): string | undefined | Promise<string | undefined> {
  const messages: unknown[] = []
  const read = (answer: unknown): string | undefined => {
    if (messages.length > 0) return messages.map(String).join(', ')
    return answer ? undefined : `it is no ${type.typeName}`
  }
  const answer = type.validate(options, value, messages)
  return isThenable(answer) ? Promise.resolve(answer).then(read) : read(answer)
}

/** The options as the type fills them in; those of the specification stay as they were written. */
function readOptions({ plugin, type }: OwnedType, options: object, path: string): Readonly<Record<string, unknown>> {
  const given = structuredClone(options) as Record<string, unknown>
  try {
    const answer = atOnce(type.validateFieldSpecification(given))
    if (answer === false) throw new Error('its typeOptions are refused')
    return typeof answer === 'object' && answer !== null ? answer as Record<string, unknown> : given
  } catch (thrown) {
    throw createErrorFrom(thrown, 'validation.assert.incorrect_validation_format', path, `${messageOf(thrown)} (type "${type.typeName}" of plugin "${plugin}")`)
  }
}

function strictnessOf({ plugin, type }: OwnedType, options: object, around: boolean): boolean {
  try {
    return Boolean(atOnce(type.getStrictness(options, around)))
  } catch (thrown) {
    throw blame(thrown, { plugin, listener: `validation type "${type.typeName}", method getStrictness` })
  }
}

/** @throws Error for a promise: specifications are read in one go */
function atOnce(answer: unknown): unknown {
  if (!isThenable(answer)) return answer
  Promise.resolve(answer).catch(() => undefined)
  throw new Error('it gave a promise, but has to answer at once')
}

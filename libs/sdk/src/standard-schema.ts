/** A JSON Schema of draft 2020-12; `{}` is anything. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** How libraries of the Standard JSON Schema specification describe their schemas. */
interface JsonSchemaSource {
  readonly input: (options: { target: 'draft-2020-12'; libraryOptions?: Record<string, unknown> }) => JsonSchema
  readonly output: (options: { target: 'draft-2020-12'; libraryOptions?: Record<string, unknown> }) => JsonSchema
}

/**
 * The interface shared by schema libraries (zod 4, valibot, arktype …), so
 * that a plugin may bring whichever it likes. Source: the Standard Schema
 * specification, version 1, and its extension Standard JSON Schema.
 */
export interface StandardSchemaV1<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    readonly jsonSchema?: JsonSchemaSource | undefined
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

/** What a check yields: the value with defaults filled in, or what is wrong and where. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] }

/** One fault: a sentence, and the path of keys that leads to it. */
export interface StandardIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** The type a schema yields after its defaults have been filled in. */
export type InferOutput<S extends StandardSchemaV1> = NonNullable<S['~standard']['types']>['output']

/** The type a schema accepts. */
export type InferInput<S extends StandardSchemaV1> = NonNullable<S['~standard']['types']>['input']

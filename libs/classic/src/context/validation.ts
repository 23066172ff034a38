import { createError, Request, type Request as ApiRequest } from '@mortise/sdk'
import type { AddedTypes, ValidationType } from '../classic-host.js'
import type { Execute } from './execute.js'

/**
 * `constructors.BaseValidationType`: what plugins derive their types from.
 * Its properties stand on the prototype, so that a plugin may set them in a
 * constructor, declare them as fields or override them by getters.
 */
export class BaseValidationType {
  declare typeName: string
  declare allowChildren: boolean
  declare allowedTypeOptions: readonly string[]

  validate(): boolean { return true }
  validateFieldSpecification(typeOptions: object): object { return typeOptions }
  getStrictness(_typeOptions: object, parentStrictness: boolean): boolean { return parentStrictness }
}
Object.assign(BaseValidationType.prototype, { typeName: '', allowChildren: false, allowedTypeOptions: [] })

const METHODS = ['validate', 'validateFieldSpecification'] as const

/** `accessors.validation` of one plugin. */
export function makeValidation(types: AddedTypes | undefined, execute: Execute) {
  return {
    /** @throws `validation.types.missing_type_name`, `validation.types.missing_function`, `validation.types.already_exists` */
    addType(given: ValidationType): void {
      const type = readType(given)
      if (!types) throw createError('plugin.runtime.unexpected_error', 'this host takes no validation types')
      types.add(type)
    },
    /**
     * Checks a request's body against the specification of its collection. Resolves to the request, or with `verbose` to
     * `{ valid, errorMessages }`.
     *
     * @throws `validation.check.failed_document`
     */
    async validate(request: ApiRequest, verbose = false): Promise<unknown> {
      const { args: { index, collection, _id }, body } = request.input
      const answer = await execute(new Request({ controller: 'document', action: 'validate', index, collection, _id, body }))
      const checked = answer?.result as { valid: boolean; errorMessages: unknown }
      if (verbose) return checked
      if (!checked.valid) throw createError('validation.check.failed_document', JSON.stringify(checked.errorMessages))
      return request
    },
  }
}

/** The type as it is now: the host keeps none of the plugin's getters. Only types with children have a strictness to tell. */
function readType(given: ValidationType | undefined): ValidationType {
  const { typeName, allowChildren, allowedTypeOptions } = given ?? {} as ValidationType
  if (!given || typeof typeName !== 'string' || typeName === '') throw createError('validation.types.missing_type_name')
  const missing = [...METHODS, ...(allowChildren ? ['getStrictness'] as const : [])].find((method) => typeof given[method] !== 'function')
  if (missing) throw createError('validation.types.missing_function', typeName, missing)
  return {
    typeName,
    allowChildren: Boolean(allowChildren),
    allowedTypeOptions: Array.isArray(allowedTypeOptions) ? allowedTypeOptions.map(String) : [],
    validate: (...values) => given.validate(...values),
    validateFieldSpecification: (options) => given.validateFieldSpecification(options),
    getStrictness: (...values) => given.getStrictness(...values),
  }
}

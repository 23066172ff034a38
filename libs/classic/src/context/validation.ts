import { createError, Request, type Request as ApiRequest } from '@mortise/sdk'
import type { ClassicHost, ValidationType } from '../classic-host.js'
import type { Execute } from './execute.js'

/** `constructors.BaseValidationType`: what plugins derive their types from. */
export class BaseValidationType {
  readonly allowChildren: boolean = false
  readonly allowedTypeOptions: readonly string[] = []

  get typeName(): string { return '' }
  validate(): boolean { return true }
  validateFieldSpecification(typeOptions: object): object { return typeOptions }
  getStrictness(_typeOptions: object, parentStrictness: boolean): boolean { return parentStrictness }
}

const METHODS = ['validate', 'validateFieldSpecification', 'getStrictness'] as const

/** `accessors.validation`. */
export function makeValidation(host: ClassicHost, execute: Execute) {
  return {
    /** @throws `validation.types.missing_type_name`, `validation.types.missing_function` */
    addType(type: ValidationType): void {
      if (!type.typeName) throw createError('validation.types.missing_type_name')
      const missing = METHODS.find((method) => typeof type[method] !== 'function')
      if (missing) throw createError('validation.types.missing_function', type.typeName, missing)
      if (!host.validation) throw createError('plugin.runtime.unexpected_error', 'this host takes no validation types')
      host.validation.addType(type)
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

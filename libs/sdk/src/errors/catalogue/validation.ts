import { domain, subdomain } from './subdomain.js'

/** Specifications of documents, their types, and documents that do not meet them. */
export const validation = domain(0x05, {
  assert: subdomain(0x01, {
    missing_nested_spec: [0x01, 'PreconditionError', (path: string) => `Field "${path}" has children, but no specification says how.`],
    unexpected_children: [
      0x02,
      'PreconditionError',
      (path: string, type: string) => `Field "${path}" of type "${type}" cannot have children.`,
    ],
    missing_parent: [0x03, 'PreconditionError', (path: string) => `Field "${path}" has no parent in the specification.`],
    unexpected_properties: [
      0x04,
      'PreconditionError',
      (path: string, allowed: string) => `"${path}" has unknown properties. Allowed: ${allowed}.`,
    ],
    missing_type: [0x05, 'PreconditionError', (path: string) => `Field "${path}" has no type.`],
    unknown_type: [0x06, 'PreconditionError', (path: string, type: string) => `Field "${path}" has the unknown type "${type}": neither the host nor a plugin that runs brings it.`],
    missing_value: [0x07, 'PreconditionError', (path: string, property: string) => `"${path}" lacks the property "${property}".`],
    invalid_type: [0x08, 'PreconditionError', (path: string, expected: string) => `"${path}" has the wrong type. Expected: ${expected}.`],
    not_multivalued: [
      0x09,
      'PreconditionError',
      (path: string, property: string) => `Field "${path}" holds a single value, so it cannot have "${property}".`,
    ],
    invalid_range: [
      0x0a,
      'PreconditionError',
      (path: string, lower: string, upper: string) => `"${path}": "${lower}" is greater than "${upper}".`,
    ],
    invalid_specifications: [0x0b, 'BadRequestError', (faults: string) => `The specification is not well-formed: ${faults}`],
    not_found: [
      0x0c,
      'NotFoundError',
      (index: string, collection: string) => `No specification found for "${index}":"${collection}".`,
    ],
    invalid_filters: [0x0d, 'BadRequestError', (fault: string) => `The validators are no well-formed filter: ${fault}`],
    incorrect_validation_format: [0x0e, 'InternalError', (path: string, fault: string) => `The validation rules of "${path}" are malformed: ${fault}`],
  }),
  types: subdomain(0x02, {
    invalid_date_format: [0x01, 'PreconditionError', (format: string) => `Date format "${format}" is unknown.`],
    invalid_date: [0x02, 'PreconditionError', (date: string) => `"${date}" is not a date.`],
    missing_enum_values: [0x03, 'PreconditionError', () => 'An enumeration lists no values.'],
    invalid_geoshape: [0x04, 'PreconditionError', (shape: string) => `Shape type "${shape}" is unknown.`],
    missing_type_name: [0x05, 'PluginImplementationError', () => 'A validation type has no name.'],
    missing_function: [
      0x06,
      'PluginImplementationError',
      (type: string, method: string) => `Validation type "${type}" has no method "${method}".`,
    ],
    already_exists: [0x07, 'PluginImplementationError', (type: string) => `Validation type "${type}" already exists.`],
  }),
  check: subdomain(0x03, {
    failed_document: [0x01, 'BadRequestError', (fault: string) => `The document is not valid: ${fault}`],
    failed_field: [0x02, 'BadRequestError', (path: string, fault: string) => `Field "${path}" is not valid: ${fault}`],
  }),
})

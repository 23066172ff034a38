import { isIP } from 'node:net'
import { createError } from '@mortise/sdk'
import { isObject, parsePoint } from '@app/storage'
import { dateFormats, readDate } from './date-formats.js'
import { isShape, shapeTypes } from './geo-shape.js'

type Options = Readonly<Record<string, unknown>>

/** A type that a specification may give to a field. */
export interface FieldType {
  /** The type options it knows. */
  readonly options: readonly string[]
  readonly hasChildren?: boolean
  /** Yields the options to go by where they are not those given. @throws ApiError when options of known names hold what they cannot. */
  checkOptions?(options: Options, path: string): Options | void
  /** Whether fields of a value are refused that are not declared; as in what is around it when absent. */
  strictnessOf?(options: Options, around: boolean): boolean
  /** What is wrong with a value, or `undefined`. A promise, where a plugin is asked: it rejects when the plugin fails. */
  faultOf(value: unknown, options: Options): string | undefined | Promise<string | undefined>
}

const unless = (isGood: boolean, fault: string): string | undefined => (isGood ? undefined : fault)

/** Reads an end of a range. @returns what it is compared by; `NaN` when that changes with time. @throws ApiError for what is no end. */
type ReadEnd = (end: unknown, path: string) => number

/** A range of `{min, max}`, either of which may be missing. */
function checkRange(options: Options, name: string, path: string, read: ReadEnd = readNumber): void {
  const range = options[name]
  if (range === undefined) return
  const place = `${path}.typeOptions.${name}`
  if (!isObject(range)) throw createError('validation.assert.invalid_type', place, 'object')
  if (Object.keys(range).some((end) => end !== 'min' && end !== 'max')) throw createError('validation.assert.unexpected_properties', place, 'min, max')
  const [min, max] = ['min', 'max'].map((end) => (range[end] === undefined ? Number.NaN : read(range[end], `${place}.${end}`))) as [number, number]
  if (min > max) throw createError('validation.assert.invalid_range', place, 'min', 'max')
}

function readNumber(end: unknown, path: string): number {
  if (typeof end !== 'number') throw createError('validation.assert.invalid_type', path, 'number')
  return end
}

const readDateEnd: ReadEnd = (date) => {
  if (date === 'NOW') return Number.NaN
  const time = readDate(date)
  if (time === undefined) throw createError('validation.types.invalid_date', String(date))
  return time
}

/** A list of texts that are known. @throws `validation.assert.invalid_type` */
function checkNames(options: Options, name: string, path: string, refuseUnknown: (text: string) => void): void {
  const names = options[name]
  if (names === undefined) return
  if (!Array.isArray(names)) throw createError('validation.assert.invalid_type', `${path}.typeOptions.${name}`, 'array')
  for (const each of names) refuseUnknown(String(each))
}

function rangeFault(number: number, range: unknown, what: string): string | undefined {
  const { min = -Infinity, max = Infinity } = (range ?? {}) as { min?: number; max?: number }
  if (number < min) return `${what} ${number} is below ${min}`
  return number > max ? `${what} ${number} is above ${max}` : undefined
}

function checkFlag(options: Options, name: string, path: string): void {
  if (options[name] !== undefined && typeof options[name] !== 'boolean') {
    throw createError('validation.assert.invalid_type', `${path}.typeOptions.${name}`, 'boolean')
  }
}

/** A type whose values are texts of one form. */
const textType = (name: string, isGood: (text: string) => boolean): FieldType => ({
  options: ['notEmpty'],
  checkOptions: (options, path) => checkFlag(options, 'notEmpty', path),
  faultOf(value, { notEmpty }) {
    if (typeof value !== 'string') return 'it is no text'
    if (value === '') return unless(notEmpty !== true, 'it is empty')
    return unless(isGood(value), `it is no ${name}`)
  },
})

const numberType = (name: string, isGood: (value: unknown) => boolean): FieldType => ({
  options: ['range'],
  checkOptions: (options, path) => checkRange(options, 'range', path),
  faultOf: (value, { range }) => unless(isGood(value), `it is no ${name}`) ?? rangeFault(value as number, range, 'the number'),
})

/** The types there are, by name. Source: the protocol's validation types. */
export const fieldTypes: ReadonlyMap<string, FieldType> = new Map<string, FieldType>([
  ['anything', { options: [], faultOf: () => undefined }],
  ['boolean', { options: [], faultOf: (value) => unless(typeof value === 'boolean', 'it is no boolean') }],
  ['integer', numberType('whole number', Number.isInteger)],
  ['numeric', numberType('number', Number.isFinite)],
  ['email', textType('e-mail address', (text) => /^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(text))],
  ['ip_address', textType('IP address', (text) => isIP(text) !== 0)],
  ['url', textType('URL', (text) => URL.canParse(text))],
  ['string', {
    options: ['length'],
    checkOptions: (options, path) => checkRange(options, 'length', path),
    faultOf: (value, { length }) => (typeof value === 'string' ? rangeFault(value.length, length, 'its length') : 'it is no text'),
  }],
  ['enum', {
    options: ['values'],
    checkOptions({ values }) {
      if (!Array.isArray(values) || values.length === 0) throw createError('validation.types.missing_enum_values')
    },
    faultOf: (value, { values }) => unless((values as unknown[]).includes(value), `it is none of ${(values as unknown[]).join(', ')}`),
  }],
  ['date', {
    options: ['formats', 'range'],
    checkOptions(options, path) {
      checkNames(options, 'formats', path, (format) => {
        if (!dateFormats.has(format)) throw createError('validation.types.invalid_date_format', format)
      })
      checkRange(options, 'range', path, readDateEnd)
    },
    faultOf(value, { formats, range }) {
      const time = readDate(value, formats as string[] | undefined)
      if (time === undefined) return 'it is no date of a format that is allowed'
      const { min, max } = (range ?? {}) as { min?: unknown; max?: unknown }
      if (min !== undefined && time < timeOf(min)) return 'the date is too early'
      return unless(max === undefined || time <= timeOf(max), 'the date is too late')
    },
  }],
  ['geo_point', { options: [], faultOf: (value) => unless(parsePoint(value) !== undefined, 'it is no point') }],
  ['geo_shape', {
    options: ['shapeTypes'],
    checkOptions: (options, path) => checkNames(options, 'shapeTypes', path, (shape) => {
      if (!shapeTypes.has(shape)) throw createError('validation.types.invalid_geoshape', shape)
    }),
    faultOf: (value, { shapeTypes: wanted }) => unless(isShape(value, wanted as string[] | undefined), 'it is no shape of a type that is allowed'),
  }],
  ['object', {
    options: ['strict'],
    hasChildren: true,
    checkOptions: (options, path) => checkFlag(options, 'strict', path),
    strictnessOf: ({ strict }, around) => (strict as boolean | undefined) ?? around,
    faultOf: (value) => unless(isObject(value), 'it is no object'),
  }],
])

const timeOf = (date: unknown): number => (date === 'NOW' ? Date.now() : readDate(date) ?? Number.NaN)

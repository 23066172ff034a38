const NUMBERS = new Set(['long', 'integer', 'short', 'byte', 'unsigned_long', 'double', 'float', 'half_float', 'scaled_float'])
const DATES = new Set(['date', 'date_nanos'])
const WORDS = new Set(['text', 'match_only_text', 'search_as_you_type'])
const KEYWORDS = new Set(['keyword', 'constant_keyword', 'wildcard', 'ip', 'version', 'boolean'])

export const isNumberType = (type: string | undefined): boolean => NUMBERS.has(type ?? '')
export const isDateType = (type: string | undefined): boolean => DATES.has(type ?? '')
/** Text that is searched by its words. */
export const isWordsType = (type: string | undefined): boolean => WORDS.has(type ?? '')

/** Whether a declared field of this type gets an index of its values. Objects have none of their own, and words are not found by one. */
export const isIndexed = (type: string): boolean => NUMBERS.has(type) || DATES.has(type) || KEYWORDS.has(type)

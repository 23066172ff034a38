import type { Engine } from '../engines/engine.js'
import type { Condition } from '../query/condition.js'
import type { Collection } from './catalogue.js'
import { IndexSizes, sum } from './index-sizes.js'

/**
 * Decides by which part of a conjunction its documents are looked up: by the one that the fewest satisfy. The others are then checked of
 * those documents. An engine without statistics takes the part that looks most exact, and that may be a value that half of all documents
 * have. Counting goes no further than a few times the smallest part, in the indexes alone, and so costs little beside looking up.
 */
export async function narrow(engine: Engine, collection: Collection, condition: Condition): Promise<Condition> {
  const sizes = hasChoice(condition) ? await IndexSizes.of(engine, collection, condition) : undefined
  return sizes ? { type: 'any', of: spread(await choose(condition, sizes)) } : condition
}

function hasChoice(condition: Condition): boolean {
  switch (condition.type) {
    case 'all': return isChoice(condition.of) || condition.of.some(hasChoice)
    case 'any': return condition.of.some(hasChoice)
    case 'judged': return hasChoice(condition.onlyIf)
    default: return false
  }
}

/** Whether several indexes tell of the parts of a conjunction. One look into an index answers both bounds of a range. */
const isChoice = (parts: readonly Condition[]): boolean => new Set(parts.map(fieldsOf)).size > 1

async function choose(condition: Condition, sizes: IndexSizes): Promise<Condition> {
  switch (condition.type) {
    case 'all': return isChoice(condition.of) ? chooseOf(condition.of, sizes) : { type: 'all', of: await chooseEach(condition.of, sizes) }
    case 'any': return { type: 'any', of: (await chooseEach(condition.of, sizes)).flatMap(spread) }
    case 'judged': return { ...condition, onlyIf: await choose(condition.onlyIf, sizes) }
    default: return condition
  }
}

async function chooseOf(parts: readonly Condition[], sizes: IndexSizes): Promise<Condition> {
  const least = await sizes.ofLeast(parts)
  if (least === Infinity) return { type: 'all', of: [...parts] }
  const fields = fieldsOf(parts.find((part) => sizes.of(part) === least)!)
  const isGuide = (part: Condition): boolean => fieldsOf(part) === fields
  return {
    type: 'guided',
    by: { type: 'all', of: await chooseEach(parts.filter(isGuide), sizes) },
    then: { type: 'all', of: parts.filter((part) => !isGuide(part)) },
    hasFewDoubts: sum(parts.map((part) => doubtsOf(part, sizes))) <= least,
  }
}

async function chooseEach(parts: readonly Condition[], sizes: IndexSizes): Promise<Condition[]> {
  const chosen: Condition[] = []
  for (const part of parts) chosen.push(await choose(part, sizes))
  return chosen
}

/** As alternatives that are not looked up by alternatives in their turn: SQLite finds no index for those. */
const spread = (condition: Condition): Condition[] =>
  (condition.type === 'guided' ? alternativesOf(condition.by).map((by) => ({ ...condition, by })) : [condition])

function alternativesOf(condition: Condition): Condition[] {
  if (condition.type === 'any') return condition.of.flatMap(alternativesOf)
  return condition.type === 'all' && condition.of.length === 1 ? alternativesOf(condition.of[0]!) : [condition]
}

/** How many documents JavaScript may have to judge. */
function doubtsOf(condition: Condition, sizes: IndexSizes): number {
  switch (condition.type) {
    case 'all': case 'any': return sum(condition.of.map((part) => doubtsOf(part, sizes)))
    case 'not': return doubtsOf(condition.of, sizes)
    case 'guided': return doubtsOf(condition.by, sizes) + doubtsOf(condition.then, sizes)
    case 'judged': return sizes.of(condition.onlyIf)
    default: return 0
  }
}

/** The names of the fields that a condition is about, as one text. Text that is no instant has an index of its own. */
const fieldsOf = (condition: Condition): string => JSON.stringify([...new Set(namesIn(condition))].sort())

function namesIn(condition: Condition): string[] {
  switch (condition.type) {
    case 'all': case 'any': return condition.of.flatMap(namesIn)
    case 'not': return namesIn(condition.of)
    case 'judged': return namesIn(condition.onlyIf)
    case 'guided': return [condition.by, condition.then].flatMap(namesIn)
    case 'ids': return ['_id']
    case 'kind': return [condition.kind === 'looseText' ? `${condition.field} ${condition.kind}` : condition.field]
    default: return [condition.field]
  }
}

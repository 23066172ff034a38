import { readMarks, type StrategyMethods } from '@mortise/sdk'
import type { StrategyDefinition } from '@app/registry'

/** The ways to log in that classes of a plugin are marked as; the instance keeps the credentials. */
export function bindStrategies(instances: readonly object[]): StrategyDefinition[] {
  return instances.flatMap((instance) => {
    const mark = readMarks(instance.constructor)?.strategy
    if (!mark) return []
    const methods = instance as StrategyMethods
    const options = typeof mark.options === 'function' ? (mark.options as (methods: StrategyMethods) => object)(methods) : mark.options
    return [{ ...mark, options, methods }]
  })
}

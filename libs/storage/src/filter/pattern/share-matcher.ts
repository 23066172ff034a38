import { PatternMatcher } from './pattern-matcher.js'

/** Kept only while somebody else keeps the matcher. */
const matchers = new Map<string, WeakRef<PatternMatcher>>()

const forgotten = new FinalizationRegistry<string>((key) => {
  if (matchers.get(key)?.deref() === undefined) matchers.delete(key)
})

/** One matcher for all who ask for the same pattern: what it remembers is what makes it fast, and what it weighs. */
export function shareMatcher(pattern: string, flags: string): PatternMatcher {
  const key = `${flags}/${pattern}`
  const known = matchers.get(key)?.deref()
  if (known !== undefined) return known
  const matcher = new PatternMatcher(pattern, flags)
  matchers.set(key, new WeakRef(matcher))
  forgotten.register(matcher, key)
  return matcher
}

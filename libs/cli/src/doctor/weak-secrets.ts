/** Words that stand in examples, and so are the first that anybody tries. */
const WELL_KNOWN = /^(secret|password|passw0rd|changeme|change-me|default|admin|test|example|letmein|qwerty|0*1?2?3?4?5?6?7?8?9?0?)\d*!?$/i

const SHORTEST = 8

/** What is wrong with a secret, without telling it; nothing when it may be hard to guess. */
export function weaknessOf(secret: string): string | undefined {
  if (WELL_KNOWN.test(secret)) return 'is a word that everybody tries first'
  if (new Set(secret).size <= 2) return 'repeats itself'
  if (secret.length < SHORTEST) return `has fewer than ${SHORTEST} characters`
  return undefined
}

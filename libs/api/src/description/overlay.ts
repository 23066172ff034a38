type Section = Readonly<Record<string, unknown>>

const isSection = (value: unknown): value is Section => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Puts one description over another: sections are taken together, lists add up, and plain values go before what was there. */
export function overlay(below: Section, above: Section): Section {
  return Object.entries(above).reduce<Section>((merged, [key, value]) => ({ ...merged, [key]: joined(merged[key], value) }), below)
}

function joined(below: unknown, above: unknown): unknown {
  if (isSection(below) && isSection(above)) return overlay(below, above)
  return Array.isArray(below) && Array.isArray(above) ? [...below as unknown[], ...above as unknown[]] : above
}

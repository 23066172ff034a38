import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'

/** Fills the heap with what stays, as a start does, and says how large the part for new objects is before it, while it is held and after it is released. */
const PROGRAM = `
import { getHeapSpaceStatistics } from 'node:v8'
import { holdYoungGeneration } from ${JSON.stringify(new URL('../dist/src/young-generation.js', import.meta.url).href)}
const size = () => getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space').space_size
const kept = []
const keep = () => { for (let n = 0; n < 500_000; n++) kept.push({ n }) }
const sizes = [size()]
const release = holdYoungGeneration()
keep()
sizes.push(size())
release()
keep()
sizes.push(size())
process.stdout.write(JSON.stringify(sizes))
`

test('the part of the heap for new objects grows only once it is released', () => {
  // A process of its own: what is set is set for all of it.
  const [before, held, released] = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', PROGRAM], { cwd: fileURLToPath(new URL('.', import.meta.url)), env: {}, encoding: 'utf8' })) as number[]
  // From the first collection on there are two of it.
  expect(held).toBeLessThanOrEqual(2 * before!)
  expect(released).toBeGreaterThan(held!)
})

import { holdYoungGeneration } from './young-generation.js'

const release = holdYoungGeneration()
// Loaded only now: most of what a start makes is made as modules are loaded.
const [{ serve }, { tellFault }] = await Promise.all([import('./serve.js'), import('./tell-fault.js')])

serve().then(release, (error: unknown) => {
  process.stderr.write(tellFault(error))
  process.exit(1)
})

export { readSecrets, setSecret } from './secrets-text.js'
export type { SecretsByPlugin } from './secrets-text.js'
export { SecretsFile, type KeySource } from './secrets-file.js'
export { SecretsFault } from './secrets-fault.js'

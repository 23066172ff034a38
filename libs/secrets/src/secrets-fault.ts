/** Secrets that cannot be read or written; the message, for a person, says which file, why, and what to do. No secret and no key is in it. */
export class SecretsFault extends Error {
  override readonly name = 'SecretsFault'
}

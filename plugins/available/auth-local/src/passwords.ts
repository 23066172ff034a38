import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'

/** By the OWASP recommendation for argon2id: 19 MiB of memory, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** An argon2id hash of the password, in its usual text form with salt and cost. */
export const hashPassword = (password: string): Promise<string> => hash(password, COST)

/** Whether it is the password. A user who does not exist costs as much time as one who does. */
export async function isPassword(password: string, hashed: string | undefined): Promise<boolean> {
  decoy ??= hashPassword(randomBytes(16).toString('hex'))
  return await verify(hashed ?? await decoy, password) && hashed !== undefined
}

let decoy: Promise<string> | undefined

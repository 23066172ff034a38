import { setFlagsFromString } from 'node:v8'

/**
 * Keeps the part of the heap for new objects as small as it is at first, until the returned function is called. What is made during a start mostly
 * stays, and V8 takes that for a reason to make room for more: tens of megabytes that a host at rest never uses. Under load it shall have
 * them, as each time it is full all requests under way are copied.
 *
 * A V8 that does not know the flag says so on stderr, and leaves everything as it would be.
 */
export function holdYoungGeneration(): () => void {
  setFlagsFromString('--semi-space-growth-factor=1')
  return () => setFlagsFromString('--semi-space-growth-factor=2')
}

/** Locks on names, shared by all hosts that work on one store. A lock has a holder and falls by itself after its time, in milliseconds. */
export interface Locks {
  /** Whether `holder` has it now. Whoever has it already holds it for the new time. */
  take(name: string, holder: string, milliseconds: number): Promise<boolean>
  /** Gives it back, unless it fell and is somebody else's by now. */
  release(name: string, holder: string): Promise<void>
  isTaken(name: string): Promise<boolean>
}

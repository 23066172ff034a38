/** What a host answers. */
export interface HostAnswer {
  readonly status: number
  readonly error: { readonly id?: string; readonly message: string; readonly hint?: string; readonly place?: string } | null
  readonly result: unknown
}

/** Hands over what a streamed result gives, a piece of text at a time. */
export type OnChunk = (text: string) => void

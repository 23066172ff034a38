/**
 * What a Passport strategy is to its host: an object whose `authenticate`
 * ends in one of the methods that the host puts on a copy of it.
 * Source: the `passport-strategy` package.
 */
export interface PassportStrategy {
  authenticate(request: object, options: object): unknown
  /** The host's own copy of the strategy carries these. */
  success?: (user: unknown, info?: unknown) => void
  fail?: (challenge?: unknown, status?: unknown) => void
  redirect?: (url: string, status?: number) => void
  pass?: () => void
  error?: (error: unknown) => void
}

/** How an attempt to log in by a Passport strategy ended. */
export type Outcome =
  | { readonly kind: 'success'; readonly user: unknown }
  | { readonly kind: 'refused'; readonly message: string | undefined; readonly challenge?: string }
  | { readonly kind: 'redirect'; readonly url: string }
  | { readonly kind: 'page'; readonly page: string; readonly status: number; readonly headers: Record<string, string> }

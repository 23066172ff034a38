import { ApiError, createId, DocumentApi, type Notification, type RequestData } from '@mortise/sdk'
import type { Answer, TestClient } from '@mortise/sdk/testing'

/** What comes in by a door; one class for each. */
export abstract class WireClient implements TestClient {
  readonly document = new DocumentApi((data) => this.call(data))
  readonly notifications: Notification[] = []

  /** @param jwt - Of whoever asks; of nobody, when absent. */
  constructor(private readonly jwt: string | undefined) {}

  async call<T = unknown>(data: RequestData): Promise<T> {
    const { error, result } = await this.send<T>(data)
    if (error === null) return result
    const { message, status, id, code, ...rest } = error
    throw Object.assign(new ApiError(message, status, id, code), rest)
  }

  async send<T = unknown>(data: RequestData): Promise<Answer<T>> {
    const jwt = data.jwt ?? this.jwt
    return await this.exchange({ requestId: createId(), ...data, ...(jwt ? { jwt } : {}) }) as Answer<T>
  }

  abstract close(): void

  /** Sends a request, which has an id, and resolves to its answer. */
  protected abstract exchange(data: RequestData): Promise<unknown>
}

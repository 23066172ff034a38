import { Request, type EntryPoint, type RequestData } from '@mortise/sdk'
import type { MqttClient } from './mqtt-client.js'
import type { Settings } from './settings.js'

/** Why a client is not let in, as CONNACK tells it. Source: MQTT 3.1.1, table 3.1. */
export class Refusal extends Error {
  constructor(readonly returnCode: 3 | 4 | 5, message: string) {
    super(message)
  }
}

/** What a client said of itself in CONNECT. */
export interface Credentials {
  readonly username: string | undefined
  readonly password: string | undefined
}

/**
 * Finds out who a client is: by username and password through `auth:login`,
 * or by a token (also an API key) as password. Without either it is nobody,
 * and its requests may carry a `jwt` of their own.
 *
 * @throws Refusal
 */
export async function identify(client: MqttClient, { username, password }: Credentials, entryPoint: EntryPoint, settings: Settings): Promise<void> {
  const ask = (data: RequestData) => askHost(entryPoint, client, data)
  if (username === undefined && password === undefined) {
    if (!settings.allowAnonymous) throw new Refusal(5, 'it gave no credentials')
  } else if (username === undefined || username === '' || username === settings.tokenUsername) {
    if (!password) throw new Refusal(4, 'it gave no token')
    const found = await ask({ controller: 'auth', action: 'checkToken', body: { token: password } })
    if (found.valid !== true) throw new Refusal(4, 'its token is not good')
    client.actBy(password, found.expiresAt as number)
  } else {
    const found = await ask({ controller: 'auth', action: 'login', strategy: settings.strategy, body: { username, password } })
    client.actBy(found.jwt as string, found.expiresAt as number)
  }
}

async function askHost(entryPoint: EntryPoint, { connection }: MqttClient, data: RequestData): Promise<Record<string, unknown>> {
  const { status, content } = await entryPoint.execute(connection, new Request(data, { connection }))
  const { result, error } = content as { result?: Record<string, unknown>; error?: { message?: string } | null }
  if (status === 200 && result) return result
  throw new Refusal(status === 503 || status === 429 ? 3 : 4, error?.message ?? 'it could not log in')
}

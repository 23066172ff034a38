import type { TestHost } from '@mortise/sdk/testing'
import { connectAsync, type IClientOptions } from 'mqtt-client'

/** The port that the plugin logged. */
export function portOf({ logs }: Pick<TestHost, 'logs'>): number {
  const line = logs.map(({ message }) => String(message)).find((message) => message.startsWith('MQTT listens on port'))
  return Number(/\d+/.exec(line ?? '')?.[0])
}

/** A message as a client got it. */
export interface Heard {
  readonly topic: string
  /* eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look at whatever comes */
  readonly payload: any
  readonly qos: number
  readonly retain: boolean
}

/** A client whose messages can be awaited one after another. */
export async function openClient(port: number, { protocol = 'mqtt', ...options }: IClientOptions = {}) {
  const client = await connectAsync({ host: '127.0.0.1', port, protocol, protocolVersion: 4, reconnectPeriod: 0, ...options })
  const heard: Heard[] = []
  const waiting: ((message: Heard) => void)[] = []
  client.on('message', (topic, bytes, { qos, retain }) => {
    const text = bytes.toString()
    const message = { topic, payload: /^[[{"]/.test(text) ? JSON.parse(text) as unknown : text, qos, retain }
    const next = waiting.shift()
    if (next) next(message)
    else heard.push(message)
  })
  // One that is cut off while it writes hears of an error before it hears of the end.
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
  client.on('error', () => undefined)
  const receive = async (): Promise<Heard> => heard.shift() ?? new Promise((resolve) => waiting.push(resolve))
  return {
    client, closed, heard, receive,
    /** Publishes a request and resolves to the payload that comes next. */
    ask: async (request: unknown, options: { topic?: string; qos?: 0 | 1 | 2; retain?: boolean } = {}) => {
      const { topic = 'Kuzzle/request', ...rest } = options
      await client.publishAsync(topic, typeof request === 'string' ? request : JSON.stringify(request), rest)
      return (await receive()).payload
    },
    /** The QoS that each topic was granted; 128 where it was refused. */
    subscribe: (...topics: string[]) => new Promise<number[]>((resolve) => {
      client.once('packetreceive', function wait(packet) {
        if (packet.cmd === 'suback') resolve(packet.granted as number[])
        else client.once('packetreceive', wait)
      })
      client.subscribe(topics, { qos: 1 }, () => undefined)
    }),
    end: () => client.endAsync(),
  }
}

export type OpenClient = Awaited<ReturnType<typeof openClient>>

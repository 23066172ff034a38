import { hostEvents, type JsonSchema } from '@mortise/sdk'
import { Components, wordOf } from './components.js'
import { nameOf, type DescribedAction } from './described-action.js'
import { envelopeSchemas } from './envelope-schemas.js'

/** An event or a frame: where it is heard, what it carries, and in which direction it goes as seen from the host. */
interface Channel {
  readonly address: string
  readonly summary: string
  readonly action: 'send' | 'receive'
  readonly payload: JsonSchema
}

const NOTIFICATION: JsonSchema = {
  type: 'object',
  required: ['status', 'room', 'type'],
  properties: {
    status: { type: 'integer' },
    room: { type: 'string', description: 'The channel that the subscription was answered with.' },
    type: { enum: ['document', 'user', 'TokenExpired'] },
    event: { type: 'string' },
    scope: { enum: ['in', 'out'] },
    index: { type: 'string' },
    collection: { type: 'string' },
    result: { type: 'object' },
    volatile: { type: 'object' },
  },
}

const FRAME: JsonSchema = {
  type: 'object',
  required: ['controller', 'action'],
  properties: {
    requestId: { type: 'string' },
    controller: { type: 'string' },
    action: { type: 'string' },
    jwt: { type: 'string' },
    body: { type: ['object', 'array'] },
    volatile: { type: 'object' },
  },
}

/** What travels over a WebSocket connection. */
const frames: readonly Channel[] = [
  { address: '/', action: 'receive', summary: 'A request, with the arguments of its action beside the known keys.', payload: FRAME },
  { address: '/', action: 'send', summary: 'The answer to a request, under its requestId.', payload: { $ref: '#/components/schemas/Answer' } },
  { address: '/', action: 'send', summary: 'A change or message that was subscribed to.', payload: NOTIFICATION },
]

const FRAME_NAMES = ['request', 'answer', 'notification']

/**
 * Describes in AsyncAPI 3.0 what is told rather than answered: frames of the
 * WebSocket door, and every event that plugins may listen to. The events of an
 * action carry what its schemas say.
 *
 * @param host - name and port at which clients reach the host
 */
export function describeEvents(actions: readonly DescribedAction[], { version, host, withHost }: { version: string; host: string; withHost: boolean }): object {
  const components = new Components(envelopeSchemas)
  const own = withHost ? hostEvents.map((name): [string, Channel] => [wordOf(name), { address: name, action: 'send', summary: 'An event of the host.', payload: {} }]) : []
  const frameChannels = frames.map((frame, index): [string, Channel] => [`websocket.${FRAME_NAMES[index]}`, frame])
  const told = actions.flatMap((action) => eventsOf(action, components))
  const channels = new Map([...frameChannels, ...own, ...told])
  return {
    asyncapi: '3.0.0',
    info: { title: 'Mortise events', version },
    defaultContentType: 'application/json',
    servers: {
      websocket: { host, protocol: 'ws', description: 'Clients.' },
      plugins: { host, protocol: 'inner', description: 'Plugins, through their hooks and pipes.' },
    },
    channels: Object.fromEntries([...channels].map(([id, { address, summary, payload }]) => [
      id,
      { address, summary, servers: [{ $ref: `#/servers/${id.startsWith('websocket.') ? 'websocket' : 'plugins'}` }], messages: { message: { payload } } },
    ])),
    operations: Object.fromEntries([...channels].map(([id, { action }]) => [
      id, { action, channel: { $ref: `#/channels/${id}` }, messages: [{ $ref: `#/channels/${id}/messages/message` }] },
    ])),
    components: { schemas: components.schemas },
  }
}

/** The three events of an action; all carry the request. */
function eventsOf(action: DescribedAction, components: Components): [string, Channel][] {
  const { input, output } = action.description
  const owner = wordOf(nameOf(action))
  const asked = input ? { input: components.embed(input, `${owner}.input`) } : {}
  const answered = output ? { result: components.embed(output, `${owner}.output`) } : {}
  const title = `${action.action.charAt(0).toUpperCase()}${action.action.slice(1)}`
  const event = (time: string, summary: string, properties: object): [string, Channel] => {
    const address = `${action.controller}:${time}${title}`
    return [wordOf(address), { address, action: 'send', summary, payload: { type: 'object', properties } }]
  }
  return [
    event('before', 'Before the action. A pipe may change the request, or refuse it by throwing.', asked),
    event('after', 'After the action. A pipe may change the result.', { ...asked, ...answered }),
    event('error', 'In place of the event after it, when the action failed.', { ...asked, error: { type: 'object' } }),
  ]
}

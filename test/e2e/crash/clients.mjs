/**
 * Clients that write. `ask({ action, _id, body })` resolves to the result, to `undefined` when the connection broke before the answer
 * came, and throws the error that the host answers.
 */
import WebSocket from 'ws'

export const place = { index: 'crash', collection: 'documents' }
const PATH = `/${place.index}/${place.collection}`

const ROUTES = {
  create: ({ _id }) => ['POST', _id === undefined ? '/_create' : `/${_id}/_create`],
  createOrReplace: ({ _id }) => ['PUT', `/${_id}`],
  update: ({ _id }) => ['PUT', `/${_id}/_update`],
  delete: ({ _id }) => ['DELETE', `/${_id}`],
  mCreate: () => ['POST', '/_mCreate'],
  mDelete: () => ['DELETE', '/_mDelete'],
  mGet: () => ['POST', '/_mGet'],
}

function resultOf({ error, result }) {
  if (error) throw new Error(`${error.id}: ${error.message}`)
  return result
}

export class HttpClient {
  constructor(port) {
    this.url = `http://127.0.0.1:${port}`
  }

  async ask({ action, _id, body }) {
    const [method, path] = ROUTES[action]({ _id })
    const answer = await this.send(method, PATH + path, body).then((response) => response.json()).catch(() => undefined)
    return answer && resultOf(answer)
  }

  send(method, path, body) {
    return fetch(this.url + path, { method, ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) })
  }

  /** Every document there is, by id. */
  async readAll() {
    const text = await (await this.send('GET', `${PATH}/_export`)).text()
    return text.split('\n').filter(Boolean).map((line) => JSON.parse(line))
  }

  /** Makes the collection, if it is not there. */
  async prepare() {
    const { status } = await this.send('PUT', PATH, { mappings: { properties: { serial: { type: 'long' } } } })
    if (status !== 200) throw new Error(`The collection was not made: ${status}.`)
  }

  close() {}
}

export class SocketClient {
  #socket
  #waiting = new Map()
  #next = 0

  static async open(port) {
    const client = new SocketClient()
    client.#socket = new WebSocket(`ws://127.0.0.1:${port}/`)
    await new Promise((resolve, reject) => client.#socket.once('open', resolve).once('error', reject))
    client.#socket.on('message', (data) => client.#receive(JSON.parse(data.toString())))
    client.#socket.on('error', () => client.#socket.terminate())
    client.#socket.on('close', () => client.#lose())
    return client
  }

  async ask(request) {
    if (this.#socket.readyState !== WebSocket.OPEN) return undefined
    const requestId = String(this.#next++)
    const answer = await new Promise((resolve) => {
      this.#waiting.set(requestId, resolve)
      this.#socket.send(JSON.stringify({ requestId, controller: 'document', ...place, ...request }))
    })
    return answer && resultOf(answer)
  }

  #receive(answer) {
    this.#waiting.get(answer.requestId)?.(answer)
    this.#waiting.delete(answer.requestId)
  }

  #lose() {
    for (const resolve of this.#waiting.values()) resolve(undefined)
    this.#waiting.clear()
  }

  close() {
    this.#socket.terminate()
  }
}

import type { RequestData } from '@mortise/sdk'
import { Refusal } from '../refusal.js'
import type { HostAnswer, OnChunk } from './host-answer.js'
import { callLocally } from './local-line.js'
import { callRemotely } from './remote-line.js'

/** Where a running host is found. */
export interface HostAddress {
  /** Its control socket, used unless there is a `url`. */
  readonly socket: string
  /** A host elsewhere, such as `https://api.example.com`. */
  readonly url?: string
  /** A token or API key of an administrator there. */
  readonly token?: string
}

/** The way from a command to the running host. */
export class HostLine {
  constructor(private readonly address: HostAddress) {}

  /** Whether a host elsewhere is meant, so that what lies in this folder is of no account. */
  get isRemote(): boolean {
    return this.address.url !== undefined
  }

  /**
   * Runs an action in the host that runs, as its owner over the socket, or as the token's user elsewhere.
   *
   * @throws `NoHost` when none answers.
   * @throws {@link Refusal} with what the host refuses the request with.
   */
  async call<T = unknown>(data: RequestData, onChunk: OnChunk = () => undefined): Promise<T> {
    const { socket, url, token } = this.address
    const { error, result } = url === undefined ? await callLocally(socket, data, onChunk) : await callRemotely({ url, token }, data, onChunk)
    if (error) throw new Refusal(describe(error))
    return result as T
  }
}

const describe = ({ message, place, hint }: NonNullable<HostAnswer['error']>): string =>
  [message, ...(place && !message.includes(`at    ${place}`) ? [`  at    ${place}`] : []), ...(hint && !message.includes(`do    ${hint}`) ? [`  do    ${hint}`] : [])].join('\n')

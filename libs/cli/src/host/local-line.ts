import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import type { RequestData } from '@mortise/sdk'
import { Refusal } from '../refusal.js'
import type { HostAnswer, OnChunk } from './host-answer.js'
import { NoHost } from './no-host.js'

/** Nobody has made the socket, or whoever did is gone. */
const ABSENT = ['ENOENT', 'ECONNREFUSED']

/** Asks the host that listens on a control socket. @throws {@link NoHost} when none does */
export function callLocally(socket: string, data: RequestData, onChunk: OnChunk): Promise<HostAnswer> {
  return new Promise((resolve, reject) => {
    const line = connect(socket)
    const lines = createInterface({ input: line, crlfDelay: Infinity })
    for (const end of [line, lines]) end.on('error', (error: NodeJS.ErrnoException) => reject(refusalFor(error, socket)))
    line.on('close', () => reject(new Refusal('The host has gone before it answered.')))
    line.write(`${JSON.stringify(data)}\n`)
    lines.on('line', (text) => {
      const told = JSON.parse(text) as HostAnswer | { chunk: string }
      if ('chunk' in told) return onChunk(told.chunk)
      resolve(told)
      line.destroy()
    })
  })
}

function refusalFor(error: NodeJS.ErrnoException, socket: string): Refusal {
  if (ABSENT.includes(error.code ?? '')) return new NoHost(`No host answers at "${socket}". Start one in this folder with "npm start", or name another by --url.`)
  if (error.code === 'EACCES') return new Refusal(`The host at "${socket}" belongs to another user: run the command as that one, or use --url and --token.`)
  return new Refusal(`The host at "${socket}" cannot be reached: ${error.message}.`)
}

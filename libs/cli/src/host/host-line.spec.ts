import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Refusal } from '../refusal.js'
import { HostLine } from './host-line.js'
import { NoHost } from './no-host.js'

let folder: string
let server: Server | undefined
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'mortise-line-')) })
afterEach(() => {
  server?.close()
  server = undefined
  rmSync(folder, { recursive: true, force: true })
})

/** Something that answers on a socket, as the test wants. */
async function listen(answer: (socket: Socket, line: string) => void): Promise<HostLine> {
  const socket = join(folder, 'control.sock')
  server = createServer((client) => client.on('data', (line) => answer(client, line.toString())))
  await new Promise<void>((done) => { server?.listen(socket, done) })
  return new HostLine({ socket })
}

const tell = (...lines: object[]) => (socket: Socket): void => void socket.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
const asked = { controller: 'plugins', action: 'list' }

describe('a command asks the host on this machine', () => {
  test('and gets its result', async () => {
    let heard = ''
    const line = await listen((socket, text) => {
      heard = text
      tell({ status: 200, error: null, result: [1] })(socket)
    })
    expect(await line.call(asked)).toEqual([1])
    expect(JSON.parse(heard)).toEqual(asked)
  })

  test('and reads a stream as it comes', async () => {
    const line = await listen(tell({ chunk: 'a' }, { chunk: 'b' }, { status: 200, error: null, result: null }))
    const chunks: string[] = []
    expect(await line.call(asked, (text) => chunks.push(text))).toBeNull()
    expect(chunks).toEqual(['a', 'b'])
  })

  test('and is refused with all that helps', async () => {
    const line = await listen(tell({ status: 404, error: { message: 'There is none.', place: 'here', hint: 'Make one.' }, result: null }))
    await expect(line.call(asked)).rejects.toEqual(new Refusal('There is none.\n  at    here\n  do    Make one.'))
  })

  test('and hears when it has gone', async () => {
    const line = await listen((socket) => void socket.destroy())
    await expect(line.call(asked)).rejects.toThrow('has gone before it answered')
  })

  test('and knows when there is none', async () => {
    const line = new HostLine({ socket: join(folder, 'none.sock') })
    await expect(line.call(asked)).rejects.toBeInstanceOf(NoHost)
    await expect(new HostLine({ socket: '', url: 'http://127.0.0.1:9' }).call(asked)).rejects.toBeInstanceOf(NoHost)
  })
})

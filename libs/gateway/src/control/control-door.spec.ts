import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { ForbiddenError, createError, type Request } from '@mortise/sdk'
import { OpenGate, type Gate } from '@app/security'
import { createCorridor } from '../../../../test/support/create-corridor.js'
import { defineAction, defineController } from '../../../../test/support/start-doors.js'
import { until } from '../../../../test/support/until.js'
import { ControlDoor } from './control-door.js'

/** A gate that lets nobody do anything. */
class ClosedGate extends OpenGate {
  override authorize(): never {
    throw createError('security.rights.forbidden', 'house', 'say', 'anonymous')
  }
}

let folder: string
let path: string
let door: ControlDoor
let endless: Readable | undefined

const house = defineController('house',
  defineAction('say', ({ input }: Request) => ({ said: input.args.word })),
  defineAction('refuse', () => { throw new ForbiddenError('not here').with({ place: 'the cellar', hint: 'Go upstairs.' }) }),
  defineAction('count', () => Readable.from(['one', 'two'])),
  defineAction('wait', () => (endless = new Readable({ read: () => undefined }))),
  defineAction('bigint', () => ({ n: 1n })))

const createDoor = (): ControlDoor => new ControlDoor(path, createCorridor({ plugins: [house], gate: new ClosedGate() as Gate }).pipeline)

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mortise-control-'))
  path = join(folder, 'data/control.sock')
  door = createDoor()
  await door.open()
})
afterEach(async () => {
  await door.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Writes lines and yields as many answers. */
function say(lines: readonly string[], count = lines.length): Promise<Record<string, unknown>[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    let text = ''
    socket.setEncoding('utf8').on('error', reject).on('data', (chunk: string) => {
      text += chunk
      const told = text.split('\n').slice(0, -1)
      if (told.length < count) return
      socket.destroy()
      resolve(told.map((line) => JSON.parse(line) as Record<string, unknown>))
    })
    socket.write(lines.map((line) => `${line}\n`).join(''))
  })
}

const ask = (action: string, rest: object = {}): string => JSON.stringify({ controller: 'house', action, ...rest })

describe('the control socket', () => {
  test('may be opened by its owner alone', () => {
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('runs actions, whatever the rights of strangers are', async () => {
    expect(await say([ask('say', { word: 'hi' })])).toEqual([{ status: 200, error: null, result: { said: 'hi' } }])
  })

  test('tells its owner what to do about an error', async () => {
    const [answer] = await say([ask('refuse')])
    expect(answer).toMatchObject({ status: 403, result: null, error: { message: 'not here', place: 'the cellar', hint: 'Go upstairs.' } })
  })

  test('sends a stream a line at a time, and then the answer', async () => {
    expect(await say([ask('count')], 3)).toEqual([{ chunk: 'one' }, { chunk: 'two' }, { status: 200, error: null, result: null }])
  })

  test('ends a stream that nobody reads any more', async () => {
    const socket = connect(path)
    socket.write(`${ask('wait')}\n`)
    await until(() => endless, Boolean)
    socket.destroy()
    await until(() => endless?.destroyed, Boolean)
  })

  test.each(['{', '3', 'null', '[]', '{"controller":7}', '', '"x"'])('answers %j with an error and goes on', async (line) => {
    const [refused, answered] = await say([line, ask('say', { word: 'on' })])
    const both = [refused, answered]
    expect(both.find(({ status } = {}) => status === 200)).toMatchObject({ result: { said: 'on' } })
    expect(both.find(({ status } = {}) => status !== 200)?.error).toBeTruthy()
  })

  test('tells of an answer that is no JSON', async () => {
    expect((await say([ask('bigint')]))[0]).toMatchObject({ status: 500, error: { message: expect.stringContaining('no JSON') } })
  })

  test('goes with the host', async () => {
    await door.close()
    expect(existsSync(path)).toBe(false)
  })

  test('is taken over from a host that was killed', async () => {
    await door.close()
    writeFileSync(path, '')
    await door.open()
    expect((await say([ask('say', { word: 'again' })]))[0]).toMatchObject({ status: 200 })
  })

  test('is not taken from a host that answers', async () => {
    await expect(createDoor().open()).rejects.toThrow(`another host answers at "${path}"`)
    expect((await say([ask('say', { word: 'still' })]))[0]).toMatchObject({ status: 200 })
  })

  test('has a path that systems take', async () => {
    await expect(new ControlDoor(join(folder, 'x'.repeat(120)), createCorridor({}).pipeline).open()).rejects.toThrow('longer than 103 bytes')
  })
})

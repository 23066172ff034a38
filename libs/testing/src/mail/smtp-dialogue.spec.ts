import { createConnection } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { TestMailbox } from './mailbox.js'

let mailbox: TestMailbox
beforeEach(async () => { mailbox = await TestMailbox.open() })
afterEach(() => mailbox.close())

/** Says lines, each after the answer to the one before; resolves to the answers' numbers. */
async function say(...lines: string[]): Promise<string[]> {
  const socket = createConnection(mailbox.port, mailbox.host).setEncoding('latin1')
  const answers: string[] = []
  for await (const answer of socket as AsyncIterable<string>) {
    answers.push(answer.slice(0, 3))
    const line = lines.shift()
    if (line === undefined) break
    socket.write(`${line}\r\n`)
  }
  return answers
}

const LETTER = ['MAIL FROM:<a@x.io>', 'RCPT TO:<b@x.io>', 'DATA']

describe('a dialogue', () => {
  test('takes a mail of bare lines', async () => {
    expect(await say('HELO me', ...LETTER, 'Subject: Hi\r\n\r\nHello\r\n.', 'QUIT')).toEqual(['220', '250', '250', '250', '354', '250', '221'])
    expect(mailbox.mails).toMatchObject([{ from: 'a@x.io', to: ['b@x.io'], subject: 'Hi', text: 'Hello', attachments: [] }])
  })

  test('takes an empty one', async () => {
    await say('HELO me', ...LETTER, '.', 'QUIT')
    expect(mailbox.mails).toMatchObject([{ subject: '', text: '' }])
  })

  test('lets in by both ways of logging in, in one line or several', async () => {
    expect(await say('EHLO me', 'AUTH LOGIN', 'YW5u', 'c2VjcmV0', 'AUTH PLAIN', 'AGFubgBzZWNyZXQ=', 'AUTH PLAIN AGFubgBzZWNyZXQ=', 'AUTH LOGIN YW5u', 'c2VjcmV0', 'QUIT'))
      .toEqual(['220', '250', '334', '334', '235', '334', '235', '235', '334', '235', '221'])
  })

  test('forgets what is taken back, and refuses what it does not know', async () => {
    expect(await say('HELO me', 'RCPT TO:<nobody@x.io>', 'RSET', 'NOOP', 'EXPN all', ...LETTER, '\r\n.', 'QUIT')).toContain('502')
    expect(mailbox.mails.map(({ to }) => to)).toEqual([['b@x.io']])
  })

  test('broken off in the middle leaves no mail', async () => {
    await say('HELO me', ...LETTER)
    expect(mailbox.mails).toEqual([])
  })
})

import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { SMTPServer } from 'smtp-server'
import { askSocket } from '../../support/ask-socket.js'
import { startHost, type StartedHost } from '../../support/start-host.js'

interface Mail {
  readonly from: string
  readonly to: readonly string[]
  readonly login: string
  readonly content: string
}

/** A mail server that takes what `u` with the password `p` sends. */
async function startMailServer(mails: Mail[]) {
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, answer) => (username === 'u' && password === 'p' ? answer(null, { user: username }) : answer(new Error('refused'))),
    onData: (stream, { envelope, user }, answer) => {
      text(stream).then((content) => {
        const { mailFrom, rcptTo } = envelope
        mails.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), login: String(user), content })
        answer()
      }, answer)
    },
  })
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done) })
  const { port } = server.server.address() as AddressInfo
  return { port, close: () => new Promise<void>((done) => { server.close(done) }) }
}

describe('kuzzle-plugin-hermes-messenger', () => {
  const mails: Mail[] = []
  let host: StartedHost
  let server: Awaited<ReturnType<typeof startMailServer>>

  beforeAll(async () => {
    server = await startMailServer(mails)
    host = await startHost({ installed: ['kuzzle-plugin-hermes-messenger'] })
  })
  afterAll(async () => {
    await host.close()
    await server.close()
  })

  const account = () => ({ host: '127.0.0.1', port: server.port, user: 'u', pass: 'p', defaultSender: 'shop@x.io' })
  const send = (name: string, body: object) => host.ask('POST', `/_/hermes/smtp/email?account=${name}`, { body })

  test('keeps accounts, and lists them', async () => {
    expect(await host.ask('POST', '/_/hermes/smtp/accounts?account=main', { body: account() })).toMatchObject({ status: 200 })
    const { body } = await host.ask('GET', '/_/hermes/smtp/accounts')
    expect(body.result).toMatchObject({ accounts: [{ name: 'main', options: { defaultSender: 'shop@x.io' } }] })
  })

  test('sends mail from the account\'s sender', async () => {
    expect(await send('main', { to: ['bob@x.io'], subject: 'Hi', html: '<b>Hello Bob</b>' })).toMatchObject({ status: 200 })
    expect(mails).toHaveLength(1)
    expect(mails[0]).toMatchObject({ from: 'shop@x.io', to: ['bob@x.io'], login: 'u' })
    expect(mails[0]?.content).toMatch(/^Subject: Hi\r$/m)
    expect(mails[0]?.content).toContain('<b>Hello Bob</b>')
  })

  test('refuses accounts that are not there, accounts twice, and mail to nobody', async () => {
    expect((await send('nope', { to: ['bob@x.io'], subject: 'Hi', html: 'x' })).body.error).toMatchObject({ status: 404, message: 'Account "nope" does not exists.' })
    const twice = await host.ask('POST', '/_/hermes/smtp/accounts?account=main', { body: account() })
    expect(twice.body.error).toMatchObject({ status: 400, message: 'Smtp account "main" already exists.' })
    expect((await send('main', { subject: 'Hi', html: 'x' })).body.error).toMatchObject({ status: 400, id: 'api.assert.missing_argument', message: 'Missing argument "body.to".' })
    expect(mails).toHaveLength(1)
  })

  test('keeps the mail of an account that is for show, and sends none', async () => {
    const body = { 'hermes-messenger': { mockedAccounts: { smtp: ['main'], sendgrid: [], twilio: [] } }, type: 'hermes-messenger' }
    const updated = await host.ask('PUT', '/hermes-messenger/config/plugin--hermes-messenger/_update', { body })
    expect(updated).toMatchObject({ status: 200 })
    expect(await send('main', { to: ['eve@x.io'], subject: 'Only for show', html: 'x' })).toMatchObject({ status: 200 })
    expect((await host.ask('GET', '/hermes-messenger/messages/Only for show')).body.result).toMatchObject({ _source: { to: ['eve@x.io'], subject: 'Only for show' } })
    expect(mails).toHaveLength(1)
  })

  test('does the same over WebSocket', async () => {
    const ask = (action: string, given: object) => askSocket(host.port, { controller: 'hermes/smtp', action, ...given })
    const mail = { to: ['bob@x.io'], subject: 'Over a socket', html: '<b>Hello Bob</b>' }
    expect(await ask('addAccount', { account: 'second', body: account() })).toMatchObject({ status: 200 })
    expect((await ask('listAccounts', {})).result.accounts.map(({ name }: { name: string }) => name)).toContain('second')
    expect(await ask('sendEmail', { account: 'second', body: mail })).toMatchObject({ status: 200 })
    expect(mails.at(-1)).toMatchObject({ from: 'shop@x.io', to: ['bob@x.io'], content: expect.stringMatching(/^Subject: Over a socket\r$/m) })
    expect(await ask('addAccount', { account: 'second', body: account() })).toMatchObject({ error: { status: 400, message: 'Smtp account "second" already exists.' } })
    expect(await ask('sendEmail', { account: 'nope', body: mail })).toMatchObject({ error: { status: 404, message: 'Account "nope" does not exists.' } })
    expect(await ask('sendEmail', { account: 'second', body: { subject: 'Hi', html: 'x' } })).toMatchObject({ error: { status: 400, id: 'api.assert.missing_argument' } })
  })
})

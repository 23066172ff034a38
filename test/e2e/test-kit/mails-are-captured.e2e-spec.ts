import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Config, Controller, Hook, Injectable, Plugin, Post, type Request } from '@mortise/sdk'
import { createTestHost, openMailbox, type Mailbox, type TestHost } from '@mortise/sdk/testing'
import { createTransport } from 'nodemailer'

@Injectable()
class Mailer {
  constructor(private readonly config: Config<{ smtp: string }>) {}

  send(mail: object) {
    return createTransport(this.config.get('smtp')).sendMail(mail)
  }
}

@Controller('post')
class PostController {
  constructor(private readonly mailer: Mailer) {}

  @Post()
  async send(request: Request) {
    return (await this.mailer.send(request.getBody())).accepted
  }
}

@Plugin({ name: 'letters', controllers: [PostController], providers: [Mailer] })
class Letters {
  constructor(private readonly mailer: Mailer) {}

  @Hook('document:afterCreate')
  async tell(request: Request) {
    await this.mailer.send({ from: 'shop@x.io', to: 'ann@x.io', subject: `Order ${request.getId()}`, text: 'It is on its way.' })
  }
}

let mailbox: Mailbox
let host: TestHost
beforeEach(async () => { mailbox = await openMailbox() })
afterEach(async () => {
  await host.close()
  await mailbox.close()
})

const send = (body: Record<string, unknown>) => host.call({ controller: 'letters/post', action: 'send', body })

describe('a mailbox', () => {
  test('takes what a plugin sends, and shows it', async () => {
    host = await createTestHost({ plugins: [Letters], config: { letters: { smtp: mailbox.url } } })
    expect(await send({ from: 'shop@x.io', to: 'ann@x.io', subject: 'Your order', text: 'It is on its way.' })).toEqual(['ann@x.io'])
    expect(mailbox.mails).toMatchObject([{ from: 'shop@x.io', to: ['ann@x.io'], subject: 'Your order', text: 'It is on its way.' }])
  })

  test('shows what hooks send, which nobody waits for', async () => {
    host = await createTestHost({ plugins: [Letters], config: { letters: { smtp: mailbox.url } } })
    await host.createCollection('shop', 'orders')
    await host.document.create('shop', 'orders', { city: 'Hue' }, 'o1')
    expect(await mailbox.waitFor(1)).toMatchObject([{ subject: 'Order o1' }])
  })

  test('reads both forms, files, words of any language and lines that begin with dots', async () => {
    host = await createTestHost({ plugins: [Letters], config: { letters: { smtp: mailbox.url } } })
    const text = '.\n..two dots\nGrüße aus Huế, ein sehr langer Satz, der in der Übertragung in mehrere Zeilen zerlegt werden muss =3D\n'
    await send({
      from: 'Laden <shop@x.io>', to: 'ann@x.io', bcc: 'bob@x.io', subject: 'Ihre Bestellung für Huế', text, html: '<b>Grüße</b>',
      attachments: [{ filename: 'Quittung für Ann.bin', content: Buffer.from([0, 255, 13, 10]), contentType: 'application/octet-stream' }],
    })
    const [mail] = mailbox.mails
    expect(mail).toMatchObject({
      from: 'shop@x.io', to: ['ann@x.io', 'bob@x.io'], subject: 'Ihre Bestellung für Huế', text: text.trimEnd(), html: '<b>Grüße</b>',
      attachments: [{ filename: 'Quittung für Ann.bin', contentType: 'application/octet-stream', content: Buffer.from([0, 255, 13, 10]) }],
    })
    expect(mail?.headers['from']).toContain('shop@x.io')
  })

  test.each(['', 'user:password@'])('lets anybody in: %j', async (login) => {
    host = await createTestHost({ plugins: [Letters], config: { letters: { smtp: `smtp://${login}${mailbox.host}:${mailbox.port}` } } })
    for (let count = 1; count <= 2; count++) await send({ from: 'shop@x.io', to: 'ann@x.io', subject: String(count), text: '' })
    expect(mailbox.mails.map(({ subject, text }) => [subject, text])).toEqual([['1', ''], ['2', '']])
  })

  test('is a transport of nodemailer\'s as well', async () => {
    const transporter = createTransport(mailbox.transport)
    host = await createTestHost({ plugins: [Letters], overrides: [{ provide: Mailer, useValue: { send: (mail: object) => transporter.sendMail(mail) } }] })
    expect(await send({ from: 'shop@x.io', to: ['ann@x.io', 'bob@x.io'], subject: 'Hi', text: 'Hello', html: '<b>Hello</b>' })).toEqual(['ann@x.io', 'bob@x.io'])
    expect(mailbox.mails).toMatchObject([{ to: ['ann@x.io', 'bob@x.io'], text: 'Hello', html: '<b>Hello</b>' }])
  })
})

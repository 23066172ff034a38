import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Mail, Mailbox, MailTransport } from '@mortise/sdk/testing'
import { readMail, type Envelope } from './read-mail.js'
import { SmtpDialogue } from './smtp-dialogue.js'

/** A mail as nodemailer hands it to transports. */
interface Outgoing {
  readonly message: { createReadStream(): AsyncIterable<Buffer>; getEnvelope(): { from: string | false; to: string[] }; messageId(): string }
}

const LOOPBACK = '127.0.0.1'

/** A server for mails that takes everything and delivers nothing. */
export class TestMailbox implements Mailbox {
  readonly host = LOOPBACK
  readonly mails: Mail[] = []
  readonly transport: MailTransport = {
    name: 'test-mailbox',
    version: '1.0.0',
    send: (mail: Outgoing, done) => void this.#take(mail).then((info) => done(null, info), done),
  }
  readonly #sockets = new Set<Socket>()
  #waiting: { count: number; resolve(): void }[] = []

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
      new SmtpDialogue(socket, (raw, envelope) => this.#keep(raw, envelope))
    })
  }

  static open(): Promise<TestMailbox> {
    const server = createServer()
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, LOOPBACK, () => resolve(new TestMailbox(server)))
    })
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  get url(): string {
    return `smtp://${this.host}:${this.port}`
  }

  async waitFor(count: number): Promise<readonly Mail[]> {
    if (this.mails.length < count) await new Promise<void>((resolve) => { this.#waiting.push({ count, resolve }) })
    return this.mails
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    return new Promise((resolve) => { this.server.close(() => resolve()) })
  }

  async #take({ message }: Outgoing): Promise<object> {
    const chunks: Buffer[] = []
    for await (const chunk of message.createReadStream()) chunks.push(chunk)
    const { from, to } = message.getEnvelope()
    this.#keep(Buffer.concat(chunks).toString('latin1'), { from: from || '', to })
    return { envelope: { from, to }, messageId: message.messageId(), accepted: to, rejected: [] }
  }

  #keep(raw: string, envelope: Envelope): void {
    this.mails.push(readMail(raw, envelope))
    const isThere = ({ count }: { count: number }): boolean => count <= this.mails.length
    const ready = this.#waiting.filter(isThere)
    this.#waiting = this.#waiting.filter((one) => !isThere(one))
    for (const { resolve } of ready) resolve()
  }
}

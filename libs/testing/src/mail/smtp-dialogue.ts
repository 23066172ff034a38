import type { Socket } from 'node:net'
import type { Envelope } from './read-mail.js'

/** Told of each mail: its bytes as characters, and who hands it over to whom. */
export type OnMail = (raw: string, envelope: Envelope) => void

const END = '\r\n.\r\n'

/** The server's side of one SMTP dialogue (RFC 5321), which takes everything: any name and password, any mail. */
export class SmtpDialogue {
  #heard = ''
  #from = ''
  #to: string[] = []
  /** What the next line, or what comes until a lone dot, belongs to. */
  #reading: 'command' | 'mail' | 'name' | 'password' = 'command'

  constructor(private readonly socket: Socket, private readonly onMail: OnMail) {
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => this.#hear(chunk))
    // A client that goes away in the middle has sent no mail.
    socket.on('error', () => socket.destroy())
    this.#say('220 test mailbox')
  }

  #hear(chunk: string): void {
    this.#heard += chunk
    while (this.#reading === 'mail' ? this.#takeMail() : this.#takeLine());
  }

  #takeLine(): boolean {
    const end = this.#heard.indexOf('\r\n')
    if (end < 0) return false
    const line = this.#heard.slice(0, end)
    this.#heard = this.#heard.slice(end + 2)
    if (this.#reading === 'command') this.#obey(line)
    else this.#logIn()
    return true
  }

  #takeMail(): boolean {
    // An empty mail's dot follows the command at once.
    const text = `\r\n${this.#heard}`
    const end = text.indexOf(END)
    if (end < 0) return false
    this.#heard = text.slice(end + END.length)
    this.#reading = 'command'
    this.onMail(text.slice(2, Math.max(2, end)).replace(/^\.\./gm, '.'), { from: this.#from, to: this.#to })
    this.#forget()
    this.#say('250 taken')
    return true
  }

  #obey(line: string): void {
    const [verb = ''] = line.toUpperCase().split(' ')
    if (verb === 'EHLO') this.#say('250-test mailbox', '250-8BITMIME', '250-SMTPUTF8', '250 AUTH PLAIN LOGIN')
    else if (verb === 'AUTH') this.#askForLogIn(line)
    else if (verb === 'DATA') this.#takeNext('mail', '354 go on until a lone dot')
    else if (verb === 'QUIT') this.socket.end('221 bye\r\n')
    else this.#note(verb, line)
  }

  #note(verb: string, line: string): void {
    if (verb === 'MAIL') this.#from = addressIn(line)
    else if (verb === 'RCPT') this.#to.push(addressIn(line))
    else if (verb === 'RSET') this.#forget()
    else if (verb !== 'HELO' && verb !== 'NOOP') return this.#say('502 not here')
    this.#say('250 good')
  }

  #askForLogIn(line: string): void {
    const [, way = '', given] = line.split(' ')
    if (way.toUpperCase() === 'LOGIN') this.#takeNext(given === undefined ? 'name' : 'password', given === undefined ? '334 VXNlcm5hbWU6' : '334 UGFzc3dvcmQ6')
    else if (given === undefined) this.#takeNext('password', '334 ')
    else this.#say('235 welcome')
  }

  #logIn(): void {
    if (this.#reading === 'name') this.#takeNext('password', '334 UGFzc3dvcmQ6')
    else this.#takeNext('command', '235 welcome')
  }

  #takeNext(what: 'command' | 'mail' | 'name' | 'password', answer: string): void {
    this.#reading = what
    this.#say(answer)
  }

  #forget(): void {
    this.#from = ''
    this.#to = []
  }

  #say(...lines: string[]): void {
    this.socket.write(`${lines.join('\r\n')}\r\n`)
  }
}

const addressIn = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? line.slice(line.indexOf(':') + 1).trim()

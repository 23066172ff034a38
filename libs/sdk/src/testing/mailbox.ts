/** A file that came with a mail. */
export interface Attachment {
  filename?: string
  contentType: string
  content: Buffer
}

/** A mail as it was handed over. */
export interface Mail {
  /** Address of the sender, as the envelope has it. */
  from: string
  /** Addresses of all who get it, copies included. */
  to: string[]
  subject: string
  text?: string
  html?: string
  attachments: Attachment[]
  /** By their names in lower case; of several of one name, the last. */
  headers: Readonly<Record<string, string>>
  /** All of it as it was sent. */
  raw: string
}

/**
 * Takes every mail and delivers none: what plugins send to its port, with any
 * name and password, or through its transport.
 */
export interface Mailbox {
  readonly host: string
  readonly port: number
  /** `smtp://127.0.0.1:<port>` */
  readonly url: string
  /** In the order in which they came: a list that grows. */
  readonly mails: readonly Mail[]
  /** For `nodemailer.createTransport`, which then needs no port. */
  readonly transport: MailTransport
  /** Resolves to all of them once there are so many. */
  waitFor(count: number): Promise<readonly Mail[]>
  close(): Promise<void>
}

/** What nodemailer takes for a transport. */
export interface MailTransport {
  readonly name: string
  readonly version: string
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- nodemailer's own, which this package does not know
  send(mail: any, done: (error: Error | null, info?: any) => void): void
}

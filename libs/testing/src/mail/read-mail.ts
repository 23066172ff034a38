import type { Attachment, Mail } from '@mortise/sdk/testing'

/** Who hands a mail over and to whom, as SMTP has it beside the mail. */
export interface Envelope {
  readonly from: string
  readonly to: readonly string[]
}

/** What stands in one part of a mail, or in all of it. */
interface Part {
  readonly headers: Record<string, string>
  readonly body: string
}

/** Reads a mail (RFC 5322, 2045-2047): what people see of it, in whichever way it is written. `raw` has one character for each byte. */
export function readMail(raw: string, envelope: Envelope): Mail {
  const whole = readPart(raw)
  const mail: Mail = {
    from: envelope.from, to: [...envelope.to], subject: readWords(whole.headers.subject ?? ''), attachments: [], headers: whole.headers, raw,
  }
  collect(whole, mail)
  return mail
}

function readPart(raw: string): Part {
  const end = /\r?\n\r?\n/.exec(raw)
  const lines = raw.slice(0, end?.index ?? raw.length).replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  const headers = Object.fromEntries(lines.flatMap((line) => {
    const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(line) ?? []
    return name === undefined ? [] : [[name.toLowerCase(), value as string]]
  }))
  return { headers, body: end ? raw.slice(end.index + end[0].length) : '' }
}

/** Adds to a mail what a part holds; of alternatives, the first of each kind. */
function collect(part: Part, mail: Mail): void {
  const { value: type, parameters } = readValue(part.headers['content-type'] ?? 'text/plain')
  if (type.startsWith('multipart/') && parameters.boundary !== undefined) {
    for (const inner of splitParts(part.body, parameters.boundary)) collect(readPart(inner), mail)
  } else keep(part, { type, parameters }, mail)
}

function keep(part: Part, { type, parameters }: { type: string; parameters: Record<string, string> }, mail: Mail): void {
  const disposition = readValue(part.headers['content-disposition'] ?? '')
  const content = decode(part)
  const isAttached = disposition.value === 'attachment' || !/^text\/(plain|html)$/.test(type)
  if (isAttached) mail.attachments.push(attach(content, type, disposition.parameters.filename ?? parameters.name))
  else if (type === 'text/html') mail.html ??= toText(content, parameters.charset)
  else mail.text ??= toText(content, parameters.charset)
}

const attach = (content: Buffer, contentType: string, filename: string | undefined): Attachment =>
  ({ ...(filename === undefined ? {} : { filename: readWords(filename) }), contentType, content })

/** A header such as `text/plain; charset="utf-8"`. */
function readValue(header: string): { value: string; parameters: Record<string, string> } {
  const [value = '', ...rest] = header.split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/)
  const parameters = Object.fromEntries(rest.flatMap((text) => {
    const [, name, quoted, bare] = /^\s*([^=\s]+)\s*=\s*(?:"(.*)"|(.*?))\s*$/.exec(text) ?? []
    return name === undefined ? [] : [[name.toLowerCase(), quoted ?? bare ?? '']]
  }))
  return { value: value.trim().toLowerCase(), parameters }
}

function splitParts(body: string, boundary: string): string[] {
  const [inside = ''] = body.split(`--${boundary}--`)
  return inside.split(`--${boundary}`).slice(1).map((part) => part.replace(/^[ \t]*\r?\n/, '').replace(/\r?\n$/, ''))
}

function decode({ headers, body }: Part): Buffer {
  const encoding = headers['content-transfer-encoding']?.trim().toLowerCase()
  if (encoding === 'base64') return Buffer.from(body, 'base64')
  return Buffer.from(encoding === 'quoted-printable' ? unquote(body.replace(/=[ \t]*\r?\n/g, '')) : body, 'latin1')
}

const unquote = (text: string): string => text.replace(/=([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))

/** Lines end as in other texts, and the last one's end is the mail's. */
function toText(content: Buffer, charset = 'utf-8'): string {
  return new TextDecoder(charset).decode(content).replace(/\r\n/g, '\n').replace(/\n$/, '')
}

/** A header's text, whose words may be written as `=?utf-8?Q?H=C3=A9?=`. */
function readWords(header: string): string {
  const joined = header.replace(/\?=\s+=\?/g, '?==?')
  return joined.replace(/=\?([^?]+)\?([qb])\?([^?]*)\?=/gi, (_, charset: string, way: string, text: string) =>
    new TextDecoder(charset).decode(way.toLowerCase() === 'b' ? Buffer.from(text, 'base64') : Buffer.from(unquote(text.replaceAll('_', ' ')), 'latin1')))
}

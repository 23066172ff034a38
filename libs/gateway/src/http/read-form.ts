import busboy from 'busboy'
import { createError, createErrorFrom } from '@mortise/sdk'

/** A file of a form, as actions get it. */
interface FormFile {
  readonly filename: string
  /** The content type of the part; the protocol calls it so. */
  readonly encoding: string
  /** Base64. */
  readonly file: string
}

type Field = string | FormFile

/**
 * Reads `multipart/form-data`: texts as strings, files as {@link FormFile},
 * fields of the same name as a list.
 *
 * @throws `network.http.file_too_large` (413), `network.http.unexpected_error` (400) when the form is broken.
 */
export function readForm(body: Buffer, contentType: string, maxFormFileSize: number): Promise<Record<string, Field | Field[]>> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(createErrorFrom(error, 'network.http.unexpected_error', `the form is broken: ${(error as Error).message}`))
    const fields = new Map<string, Field[]>()
    const add = (name: string | undefined, value: Field): void => void fields.set(String(name), [...(fields.get(String(name)) ?? []), value])
    try {
      const form = busboy({ headers: { 'content-type': contentType }, limits: { fileSize: maxFormFileSize, fieldSize: body.length } })
      form.on('field', add)
      form.on('file', (name, stream, { filename, mimeType }) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('limit', () => reject(createError('network.http.file_too_large')))
        stream.on('error', fail)
        stream.on('close', () => add(name, { filename: filename ?? '', encoding: mimeType, file: Buffer.concat(chunks).toString('base64') }))
      })
      form.on('error', fail)
      form.on('close', () => resolve(plain(fields)))
      form.end(body)
    } catch (error) {
      fail(error)
    }
  })
}

/** `Object.fromEntries` defines keys and so is safe with any name; `__proto__` is dropped as everywhere. */
function plain(fields: Map<string, Field[]>): Record<string, Field | Field[]> {
  fields.delete('__proto__')
  return Object.fromEntries([...fields].map(([name, values]) => [name, values.length === 1 ? values[0] as Field : values]))
}

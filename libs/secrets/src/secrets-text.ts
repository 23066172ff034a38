import { applyEdits, modify, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser'
import { SecretsFault } from './secrets-fault.js'

/** Secrets by plugin and name. */
export type SecretsByPlugin = Readonly<Record<string, Readonly<Record<string, string>>>>

/** As plugins are called; names that every object inherits are none. */
const NAME = /^[A-Za-z][\w.-]*$/
const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype))

/**
 * Reads secrets as a person writes them: JSON, comments allowed, with a
 * section for each plugin, `{"checkout": {"key": "…"}}`.
 *
 * @throws {@link SecretsFault} naming the line and the fault, and no secret.
 */
export function readSecrets(text: string): SecretsByPlugin {
  const errors: ParseError[] = []
  const tree = parseTree(text, errors, { allowTrailingComma: true })
  const [error] = errors
  if (error) throw new SecretsFault(`Line ${lineAt(text, error.offset)}: ${printParseErrorCode(error.error)}. Write JSON; comments are allowed.`)
  return entriesOf(text, tree, 'a section for each plugin', (section) =>
    entriesOf(text, section, 'names and texts', (value) => {
      if (value.type !== 'string') throw fault(text, value, 'a secret has to be a text in quotes')
      return value.value as string
    }))
}

/** Puts one secret into the text, which otherwise stays as it is written. */
export function setSecret(text: string, plugin: string, name: string, value: string): string {
  for (const given of [plugin, name]) {
    if (!isName(given)) throw new SecretsFault(`"${given}" cannot name a plugin or a secret. Names start with a letter, and have letters, digits, "-", "_" and ".".`)
  }
  return applyEdits(text, modify(text, [plugin, name], value, { formattingOptions: { insertSpaces: true, tabSize: 2 } }))
}

function entriesOf<T>(text: string, node: Node | undefined, what: string, read: (value: Node) => T): Readonly<Record<string, T>> {
  if (node?.type !== 'object') throw fault(text, node, `expected an object with ${what}`)
  const entries = (node.children ?? []).map(({ children: [key, value] = [] }): [string, T] => {
    const name = key?.value as string
    if (!key || !value || !isName(name)) throw fault(text, key ?? node, 'a name starts with a letter, and has letters, digits, "-", "_" and "."')
    return [name, read(value)]
  })
  const twice = entries.find(([name], index) => entries.findIndex(([other]) => other === name) !== index)
  if (twice) throw fault(text, node, `"${twice[0]}" is there twice`)
  return Object.fromEntries(entries)
}

const isName = (name: string): boolean => NAME.test(name) && !INHERITED.has(name)

const fault = (text: string, node: Node | undefined, what: string): SecretsFault => new SecretsFault(`Line ${lineAt(text, node?.offset ?? 0)}: ${what}.`)

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSecrets } from '@app/secrets'
import { Refusal } from '../refusal.js'

/** How a fault is written above the text that has it. */
const FAULT = '// ! '

/**
 * Lets a person edit a text of secrets in an editor of theirs, in a file that
 * nobody else can read and that is gone afterwards. A text with a fault is
 * shown again, with the fault on top, until it has none or is left as it is.
 *
 * @param editor - A command, to which the file's path is added.
 * @returns the text to be kept; `undefined` when it was not changed.
 * @throws {@link Refusal} when the editor fails, or when a fault is left as it is; nothing is to be kept then.
 */
export async function editSecrets(text: string, editor: string): Promise<string | undefined> {
  const signals = new EditorSignals()
  const folder = await mkdtemp(join(tmpdir(), 'mortise-secrets-'))
  try {
    const edited = await editUntilWhole(join(folder, 'secrets.jsonc'), text, (file) => runEditor(editor, file, signals))
    return edited === text ? undefined : edited
  } finally {
    await rm(folder, { recursive: true, force: true })
    signals.release()
  }
}

async function editUntilWhole(file: string, text: string, edit: (file: string) => Promise<void>): Promise<string> {
  let shown = text
  for (;;) {
    await writeFile(file, shown, { mode: 0o600 })
    await edit(file)
    const edited = await readFile(file, 'utf8')
    const kept = edited.split('\n').filter((line) => !line.startsWith(FAULT)).join('\n')
    const fault = faultOf(kept)
    if (fault === undefined) return kept
    if (edited === shown) throw new Refusal(`${fault} Nothing was saved.`)
    shown = `${FAULT}${fault}\n${kept}`
  }
}

function faultOf(text: string): string | undefined {
  try {
    readSecrets(text)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** The decrypted file must not be left behind: from before it is written, what would end this process ends the editor, and Ctrl-C is the editor's own. */
class EditorSignals {
  #editor: ChildProcess | undefined
  #isOver = false
  readonly #listeners = [['SIGINT', () => undefined], ['SIGTERM', () => this.#end()], ['SIGHUP', () => this.#end()]] as const

  constructor() {
    for (const [signal, listener] of this.#listeners) process.on(signal, listener)
  }

  /** To be called with the editor, once it runs. */
  endWith(editor: ChildProcess): void {
    this.#editor = editor
    if (this.#isOver) editor.kill()
  }

  release(): void {
    for (const [signal, listener] of this.#listeners) process.off(signal, listener)
  }

  #end(): void {
    this.#isOver = true
    this.#editor?.kill()
  }
}

/** By way of a shell, as editors are given with options, such as `code --wait`. */
function runEditor(editor: string, file: string, signals: EditorSignals): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' })
    signals.endWith(child)
    child.on('error', (error) => reject(new Refusal(`The editor cannot be started: ${error.message}. Nothing was saved.`)))
    child.on('exit', (code, signal) => (code === 0
      ? resolve()
      : reject(new Refusal(`The editor "${editor}" ended with ${signal ?? code}. Nothing was saved. Set VISUAL or EDITOR to an editor that waits until you are done.`))))
  })
}

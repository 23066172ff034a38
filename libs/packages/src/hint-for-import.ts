import { extname } from 'node:path'

/** What Node and V8 say when a module cannot be loaded, and what to do about it. */
const HINTS: readonly [said: RegExp, hint: (...found: string[]) => string][] = [
  [/^Cannot find package '([^']+)'/, (name) => `Install it in the plugin's folder: npm install ${name}`],
  [/^Cannot find module '([^./][^']*)'/, (name) => `Install it in the plugin's folder: npm install ${name}`],
  [/^(?:Cannot find module|Directory import) '([^']+)'/, (file) => (extname(file) ? 'Correct the path, or build the plugin: npm run build' : 'Write the import whole, with its file and extension, such as "./orders.js".')],
  [/^Cannot access '\w+' before initialization/, () => 'Look for modules that import each other in a circle, and move what both need into a third one.'],
  [/^Cannot use import statement outside a module|^Unexpected token 'export'/, () => 'Write "type": "module" into its package.json.'],
  [/^(?:require|module|exports) is not defined/, () => 'Write "import" and "export", or take "type": "module" out of its package.json.'],
  [/does not provide an export named/, () => 'Correct the name; what is a type alone is imported with "import type".'],
  [/^Unknown file extension "\.[cm]?tsx?"/, () => 'Compile it, and name what comes of that as "exports" in its package.json.'],
]

/** What to do about a package that threw `thrown` while it was imported. */
export function hintForImport(thrown: unknown): string {
  const said = String((thrown as { message?: unknown } | null)?.message ?? thrown)
  for (const [pattern, hint] of HINTS) {
    const found = pattern.exec(said)
    if (found) return hint(...found.slice(1))
  }
  return thrown instanceof SyntaxError ? 'Correct what is written there; "node --check" shows the line of each file.' : 'Correct what its modules do when they are loaded.'
}

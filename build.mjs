/**
 * Compiles what is missing or older than its source, and says nothing when all is fresh.
 *
 *   src, libs  → dist/            the host; `@app/*` becomes a relative path
 *   dist/src   → dist/app/        what is run: the same in a few files, which start a third sooner
 *   libs/sdk   → libs/sdk/dist/   the published package with its declarations, entered by name from host and plugins alike
 *   plugins    → plugins/available/<name>/dist/
 */
import { spawn } from 'node:child_process'
import { mkdirSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync, rmSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(fileURLToPath(import.meta.url))
const sdk = join(root, 'libs/sdk')

/** Where the bundle goes, and what can be entered in it. */
const app = join(root, 'dist/app')
const entries = ['main', 'cli', 'command-line', 'index', 'testing', 'plugin-child', 'plugin-trial']

/** How TypeScript becomes JavaScript, here and in tests. */
export const compilerOptions = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    target: 'es2023',
    keepClassNames: true,
  },
  module: { type: 'es6' },
}

/** Every TypeScript file that runs: no specs, no declarations. */
function sourcesOf(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name) && !/(\.d|\.spec|\.e2e-spec|\.contract)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

function targets() {
  const guests = join(root, 'plugins/available')
  const hosted = [join(root, 'src'), ...readdirSync(join(root, 'libs')).filter((room) => room !== 'sdk').map((room) => join(root, 'libs', room, 'src'))]
  return [
    ...hosted.flatMap((folder) => sourcesOf(folder).map((source) => ({ source, base: root, out: join(root, 'dist') }))),
    ...sourcesOf(join(sdk, 'src')).map((source) => ({ source, base: join(sdk, 'src'), out: join(sdk, 'dist') })),
    ...(existsSync(guests) ? readdirSync(guests) : []).flatMap((name) =>
      sourcesOf(join(guests, name, 'src')).map((source) => ({ source, base: join(guests, name, 'src'), out: join(guests, name, 'dist') }))),
  ].map((target) => ({ ...target, file: join(target.out, relative(target.base, target.source)).replace(/\.ts$/, '.js') }))
}

const isNewer = (file, source) => existsSync(file) && statSync(file).mtimeMs >= statSync(source).mtimeMs
const declarationOf = ({ file }) => file.replace(/\.js$/, '.d.ts')
const isOfSdk = ({ out }) => out === join(sdk, 'dist')
const isFresh = (target) => isNewer(target.file, target.source) && (!isOfSdk(target) || isNewer(declarationOf(target), target.source))

/** `@app/registry` → `../../registry/src/index.js`, as seen from the compiled file. */
const linkRooms = (code, file) =>
  code.replace(/(from\s*|import\s*\(?\s*)(['"])@app\/([\w-]+)\2/g, (_, lead, quote, room) => {
    const path = relative(dirname(file), join(root, 'dist/libs', room, 'src/index.js'))
    return `${lead}${quote}${path.startsWith('.') ? path : `./${path}`}${quote}`
  })

function removeLeftovers(all) {
  const wanted = new Set(all.flatMap((target) => isOfSdk(target) ? [target.file, declarationOf(target)] : [target.file]))
  for (const out of new Set(all.map((target) => target.out))) {
    if (!existsSync(out)) continue
    for (const entry of readdirSync(out, { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name)
      if (entry.isFile() && /\.(js|d\.ts)$/.test(file) && !wanted.has(file) && !file.startsWith(app)) rmSync(file)
    }
  }
}

export async function build() {
  const all = targets()
  const stale = all.filter((target) => !isFresh(target))
  removeLeftovers(all)
  if (stale.length === 0 && existsSync(join(app, 'main.js'))) return 0
  const declared = stale.some(isOfSdk) ? declareSdk() : undefined
  const { transform } = await import('@swc/core')
  await Promise.all(stale.map(async ({ source, file }) => {
    const { code, map } = await transform(readFileSync(source, 'utf8'), { ...compilerOptions, filename: source, sourceFileName: relative(dirname(file), source), sourceMaps: true, swcrc: false })
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(`${file}.map`, map)
    writeFileSync(file, `${linkRooms(code, file)}\n//# sourceMappingURL=${file.split('/').pop()}.map\n`)
  }))
  await bundle()
  await declared
  return stale.length
}

/**
 * What authors of plugins compile against: declarations, which their compiler reads faster than sources and does not hold to its own rules.
 * In a process beside the rest, as it takes the whole compiler; faults of types are left to `npm run typecheck`.
 */
function declareSdk() {
  const compiler = spawn(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(sdk, 'tsconfig.declarations.json')], { stdio: 'inherit' })
  return new Promise((done, fail) => {
    compiler.on('error', fail)
    compiler.on('close', (code) => code === 0 ? done() : fail(new Error(`The declarations of ${sdk} could not be written: the compiler ended with ${code}.`)))
  })
}

/** Packages stay outside: plugins bring their own imports of them, and there must be one copy. */
async function bundle() {
  const esbuild = await import('esbuild')
  rmSync(app, { recursive: true, force: true })
  await esbuild.build({
    entryPoints: entries.map((entry) => join(root, 'dist/src', `${entry}.js`)),
    outdir: app, bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20', packages: 'external', sourcemap: true,
    logLevel: 'error',
  })
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const count = await build()
  if (count > 0) console.log(`built ${count} file${count === 1 ? '' : 's'}`)
}

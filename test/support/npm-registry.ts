import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'

interface Published {
  readonly manifest: Record<string, unknown>
  readonly tarball: Buffer
}

/** A registry of npm's protocol that holds what a test publishes. */
export class NpmRegistry {
  readonly #packages = new Map<string, Map<string, Published>>()
  #server: Server | undefined

  get url(): string {
    return `http://127.0.0.1:${(this.#server?.address() as AddressInfo).port}/`
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const [, name = '', file] = decodeURIComponent(request.url ?? '').split('/')
      const versions = this.#packages.get(name)
      if (!versions) return response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"Not found"}')
      if (file) return response.end(versions.get(file.replace('.tgz', ''))?.tarball)
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ name, 'dist-tags': { latest: [...versions.keys()].at(-1) }, versions: Object.fromEntries([...versions].map(([version, { manifest }]) => [version, manifest])) }))
    })
    await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done) })
    this.#server = server
  }

  /** Packs a folder as npm does, and offers it. */
  publish(folder: string, scratch: string): void {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name: string; version: string }
    const tarball = readFileSync(pack(folder, scratch))
    const dist = { tarball: `${this.url}${manifest.name}/${manifest.version}.tgz`, integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}` }
    const versions = this.#packages.get(manifest.name) ?? new Map<string, Published>()
    this.#packages.set(manifest.name, versions.set(manifest.version, { manifest: { ...manifest, dist, hasInstallScript: 'scripts' in manifest }, tarball }))
  }

  close(): void {
    this.#server?.closeAllConnections()
    this.#server?.close()
  }
}

/** Packs a folder, and yields the path of the tarball. */
export function pack(folder: string, destination: string): string {
  const [packed] = JSON.parse(execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', destination], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] }).toString()) as { filename: string }[]
  return join(destination, packed?.filename ?? '')
}

/** Writes a package of the given texts by path. */
export function writePackage(folder: string, files: Record<string, string>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

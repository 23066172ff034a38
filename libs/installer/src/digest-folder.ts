import { createHash } from 'node:crypto'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

/** What lies in a folder: a digest of each file by its path with `/`, and one of them all, written as npm writes integrity. */
export interface FolderDigest {
  readonly content: string
  readonly files: ReadonlyMap<string, string>
}

/** Files read at a time: enough to keep the disk busy, few enough for every limit on open files. */
const BATCH = 64

/** Digests all files and links below a folder, `node_modules` included: whatever could change what the plugin does. */
export async function digestFolder(folder: string): Promise<FolderDigest> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => !entry.isDirectory())
    .map((entry) => ({ path: join(entry.parentPath, entry.name), isLink: entry.isSymbolicLink() }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  const files = new Map<string, string>()
  for (let start = 0; start < paths.length; start += BATCH) {
    const batch = paths.slice(start, start + BATCH)
    const digests = await Promise.all(batch.map(async ({ path, isLink }) => hash(isLink ? `→ ${await readlink(path)}` : await readFile(path))))
    batch.forEach(({ path }, index) => files.set(relative(folder, path).split(sep).join('/'), digests[index] as string))
  }
  return { content: `sha512-${hash([...files].map(([path, digest]) => `${path}\n${digest}\n`).join(''))}`, files }
}

const hash = (content: string | Buffer): string => createHash('sha512').update(content).digest('base64')

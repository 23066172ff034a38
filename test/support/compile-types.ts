import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/**
 * Compiles files of a folder as a person's strict project would, by the
 * compiler's own command, against the SDK's declarations as they are published, and yields what it complains of: one fault a line.
 */
export async function compileTypes(folder: string, files: readonly string[]): Promise<string[]> {
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
    compilerOptions: {
      target: 'ES2023', lib: ['ES2023'], module: 'NodeNext', moduleResolution: 'NodeNext', strict: true, experimentalDecorators: true, noEmit: true, skipLibCheck: true,
      types: ['node'], typeRoots: [resolve('node_modules/@types')],
      paths: {
        '@mortise/sdk': [resolve('libs/sdk/dist/index.d.ts')],
        'kuzzle-sdk': [resolve('node_modules/kuzzle-sdk/out/index.d.ts')],
      },
    },
    files,
  }))
  const said = await new Promise<string>((done) => {
    execFile(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false'], { cwd: folder }, (_error, out) => done(out))
  })
  return said.split('\n').filter((line) => line !== '')
}

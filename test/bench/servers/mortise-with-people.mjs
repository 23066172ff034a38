/** The host with a hello action, and a user who may call it by the third role of a profile; tells the user's token. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import AuthLocal from '../../../plugins/available/auth-local/dist/index.js'
import { startMortise } from '../../../dist/app/index.js'
import { hello } from './hello.mjs'
import { serve } from './serve.mjs'

const folder = mkdtempSync(join(tmpdir(), 'mortise-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const { port } = await startMortise({
  root: folder,
  plugins: [hello, AuthLocal],
  config: { server: { port: 0, host: '127.0.0.1' }, storage: { path: join(folder, 'bench.sqlite') }, logging: { level: 'error' } },
})

async function ask(method, path, body) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const { error, result } = await answer.json()
  if (error) throw new Error(error.message)
  return result
}

const roles = { reader: { document: { actions: { get: true } } }, clock: { server: { actions: { now: true } } }, greeter: { hello: { actions: { sayHello: true } } } }
for (const [name, controllers] of Object.entries(roles)) await ask('POST', `/roles/${name}/_create`, { controllers })
await ask('POST', '/profiles/clerk/_create', { policies: Object.keys(roles).map((roleId) => ({ roleId })) })
await ask('POST', '/users/ann/_create', { content: { profileIds: ['clerk'] }, credentials: { local: { username: 'ann', password: 'secret-1' } } })
const { jwt } = await ask('POST', '/_login/local?expiresIn=1h', { username: 'ann', password: 'secret-1' })
serve(port, { token: jwt })

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { createHotProject } from '../../support/hot-project.js'
import { gone, isAlive } from '../../support/processes.js'
import { runHost } from '../../support/run-host.js'
import { asker } from '../../support/start-host.js'
import { startIsolated } from '../../support/start-isolated.js'
import { until } from '../../support/until.js'

/** What a test may leave behind when it fails. */
const pids: number[] = []
afterEach(() => {
  for (const pid of pids.splice(0).filter(isAlive)) process.kill(pid, 'SIGKILL')
})

test.each(['pid', 'loop'])('when the host is killed, the plugin\'s process ends, which was last asked for: %s', async (last) => {
  const { host, ask } = await startIsolated({ isolation: 'process' })
  const { body: { result: pid } } = await ask('GET', '/_/that-is-fragile/works/pid')
  pids.push(host.pid as number, pid as number)
  expect(pid).not.toBe(host.pid)
  if (last === 'loop') {
    ask('GET', '/_/that-is-fragile/works/loop').catch(() => undefined)
    await host.said(/round and round/)
  }
  process.kill(host.pid as number, 'SIGKILL')
  await gone(pids)
}, 60_000)

test('when the host is killed, the process ends in which a plugin is tried that loops as it is imported', async () => {
  const project = createHotProject()
  const file = join(project.root, 'pid')
  project.write('loops', { word: 'on', onImport: `import { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(file)}, String(process.pid))\nfor (;;);` })
  const host = runHost(project.root)
  try {
    const ask = asker(await host.listening())
    ask('POST', '/_plugins/loops/_enable').catch(() => undefined)
    const pid = Number(await until(() => existsSync(file) && readFileSync(file, 'utf8'), Boolean, 20_000))
    pids.push(host.pid as number, pid)
    expect(pid).not.toBe(host.pid)
    process.kill(host.pid as number, 'SIGKILL')
    await gone(pids)
  } finally {
    await host.stop('SIGKILL')
    project.remove()
  }
}, 60_000)

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Injectable } from '@mortise/sdk'
import { Host } from '../ports/host.js'
import { HostReport } from '../server/host-report.js'
import { Statistics } from '../server/statistics.js'

/** Writes down how the host is, for people to look at later. */
@Injectable()
export class Dump {
  constructor(private readonly host: Host, private readonly report: HostReport, private readonly statistics: Statistics) {}

  /**
   * Makes a folder named by time and suffix, with one JSON file for each aspect.
   *
   * @param suffix - Anything but letters, digits, `-` and `_` in it is replaced, so that it names no other folder.
   * @returns the folder's path.
   */
  async write(suffix: string): Promise<string> {
    const folder = join(this.host.dumpFolder, `${new Date().toISOString().replace(/[:.]/g, '-')}-${suffix.replace(/[^\w-]/g, '-')}`)
    await mkdir(folder, { recursive: true })
    const aspects = {
      configuration: this.report.configuration,
      host: this.report.info(),
      load: { ...this.host.load(), connections: this.host.connections(), ...this.host.subscriptions() },
      process: describeProcess(),
      statistics: this.statistics.between(),
    }
    for (const [name, content] of Object.entries(aspects)) await writeFile(join(folder, `${name}.json`), JSON.stringify(content, null, 2))
    return folder
  }
}

/** Not Node's own report: that one holds the environment, and waits for name servers. */
const describeProcess = (): object => ({
  versions: process.versions,
  uptime: process.uptime(),
  memory: process.memoryUsage(),
  resources: process.resourceUsage(),
  active: process.getActiveResourcesInfo(),
})

import { Controller, Get } from '@mortise/sdk'
import { PluginDesk, type PluginEntry } from '../ports/plugin-desk.js'

/** Plugins as administrators look after them while the host runs. */
@Controller('plugins', { global: true })
export class PluginsController {
  constructor(private readonly desk: PluginDesk) {}

  @Get('/_plugins')
  async list(): Promise<{ hits: readonly PluginEntry[]; total: number }> {
    const hits = await this.desk.list()
    return { hits, total: hits.length }
  }
}

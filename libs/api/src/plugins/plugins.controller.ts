import { Controller, Get, Post, type Request } from '@mortise/sdk'
import { PluginDesk, type PluginChange, type PluginEntry } from '../ports/plugin-desk.js'

/** Switches plugins on and off while the host runs. */
@Controller('plugins', { global: true })
export class PluginsController {
  constructor(private readonly desk: PluginDesk) {}

  @Get('/_plugins')
  async list(): Promise<{ hits: readonly PluginEntry[]; total: number }> {
    const hits = await this.desk.list()
    return { hits, total: hits.length }
  }

  @Post('/_plugins/:name/_enable')
  enable(request: Request): Promise<PluginChange> {
    return this.desk.enable(request.getString('name'))
  }

  @Post('/_plugins/:name/_disable')
  disable(request: Request): Promise<PluginChange> {
    return this.desk.disable(request.getString('name'))
  }

  @Post('/_plugins/:name/_reload')
  reload(request: Request): Promise<PluginChange> {
    return this.desk.reload(request.getString('name'))
  }
}

import { Controller, Get, type Request } from '@mortise/sdk'
import type { ScheduleJob, ScheduleRun } from '@app/storage'
import { Store } from '../ports/store.js'

const PAGE = 100

/** The jobs that plugins have scheduled, and how they went. */
@Controller('schedule', { global: true })
export class ScheduleController {
  constructor(private readonly store: Store) {}

  @Get('/schedule/_list')
  async list(): Promise<{ jobs: ScheduleJob[] }> {
    return { jobs: await this.store.schedules.list(Date.now()) }
  }

  /** The latest first, of all jobs, or of one `job` or `plugin`. */
  @Get('/schedule/_runs')
  runs(request: Request): Promise<{ total: number; runs: ScheduleRun[] }> {
    const page = { from: request.getInteger('from', 0), size: request.getInteger('size', PAGE) }
    const { job, plugin } = request.input.args
    return this.store.schedules.listRuns({
      ...(job !== undefined && { job: request.getString('job') }), ...(plugin !== undefined && { plugin: request.getString('plugin') }),
    }, page)
  }
}

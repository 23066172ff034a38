import { Config, Hook, Injectable, Plugin, type EventDocument, type Request } from '@mortise/sdk'
import { z } from 'zod'
import { LogFile } from './log-file.js'

const settings = z.object({ file: z.string().default('data/deletions.log') })

/** Where lines go; the one place that knows the configuration. */
@Injectable()
export class DeletionFile extends LogFile {
  constructor(config: Config<z.output<typeof settings>>) {
    super(config.get('file'))
  }
}

/** Logs each deletion as a line of JSON: when, who, and which document. */
@Plugin({ name: 'deletion-log', host: '^0.1.0', config: settings, providers: [DeletionFile] })
export default class DeletionLog {
  constructor(private readonly file: DeletionFile) {}

  @Hook('generic:document:afterDelete')
  log(documents: EventDocument[], request: Request) {
    const { index, collection } = request.getIndexAndCollection()
    const lines = documents.map(({ _id }) => ({ at: new Date().toISOString(), by: request.getKuid(), index, collection, _id }))
    return this.file.append(lines)
  }

  /** Writes what is still under way before the host stops. */
  onModuleDestroy() {
    return this.file.flush()
  }
}

import type { PluginReader } from '@app/pipeline'
import type { AroundListener, Clock } from '@app/supervision'

/** What test hosts have, hosts in development some of, and others do without. */
export interface Instruments {
  /** In place of the machine's clock. */
  readonly clock?: Clock
  /** What reads plugins in place of a reader. */
  readonly aroundReader?: (reader: PluginReader) => PluginReader
  readonly aroundListener?: AroundListener
  /** The compiled module that threads and processes of plugins begin with, where it does not lie beside the host. */
  readonly childEntry?: URL
}

import { DecoratedReader } from '@app/loader'
import { readPackage } from '@app/packages'
import { runPlugin } from '@app/worker'
import { PluginSecrets } from './secrets.js'
import { VERSION } from './version.js'

// The module that threads and processes of isolated plugins begin with. Classic plugins alone are told of the host, and decorated ones need not wait for their room.
runPlugin({
  createReader: async (config) => (config ? new (await import('@app/classic')).ClassicWorkerReader(config) : new DecoratedReader(VERSION)),
  read: readPackage,
  secretsOf: (plugin, values) => new PluginSecrets(plugin, values),
  memory: Number(process.argv[2] ?? 0),
})

import { api } from './api.js'
import { cluster } from './cluster.js'
import { core } from './core.js'
import { network } from './network.js'
import { plugin } from './plugin.js'
import { protocol } from './protocol.js'
import { security } from './security.js'
import { services } from './services.js'
import { validation } from './validation.js'

/** Every error that the host makes, by the three words of its id. */
export const domains = { core, services, api, network, plugin, validation, protocol, security, cluster }

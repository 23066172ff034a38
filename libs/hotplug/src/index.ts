export { HotPlug } from './hot-plug.js'
export type { HotPlugParts } from './hot-plug.js'
export type { PluginTrouble } from './roster.js'

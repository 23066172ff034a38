export { HotPlug } from './hot-plug.js'
export type { PluginTrouble, RunningPlugin } from './roster.js'
export { Watch } from './watch.js'

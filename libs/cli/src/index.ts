export { newCommand } from './new/new-command.js'
export { pluginsCommand } from './plugins-command.js'
export type { PluginFolders } from './plugin-folders.js'
export { Refusal } from './refusal.js'

/** A plugin's package, found and imported, but neither checked nor started. */
export interface PluginCandidate {
  /** Where it was found, as reports show it: `plugins/enabled/geo`, or a package name from the configuration. */
  readonly place: string
  /** The real folder of its package; links are resolved. */
  readonly folder: string
  readonly packageJson: Readonly<Record<string, unknown>>
  /** A classic plugin's `manifest.json`, parsed; absent when there is none. */
  readonly manifest?: unknown
  /** The default export of its entry (`module.exports` of CommonJS), or an instance given by code. */
  readonly exported: unknown
}

/** What a template is filled in with. */
export interface PluginFacts {
  /** The plugin's name: lower-case words joined by dashes. */
  readonly name: string
  /** Its class: `GeoPlugin` for `geo`. */
  readonly type: string
  /** The range of hosts that it is made for, such as `^0.1.0`. */
  readonly host: string
}

/** A kind of plugin to begin with: the texts of its files by their paths in the package. */
export interface Template {
  readonly description: string
  readonly files: (facts: PluginFacts) => Readonly<Record<string, string>>
}

/** The zod that the host itself is tested with. */
const ZOD = '4.6.7'

/** The package.json of a plugin that is compiled. */
export function compiledPackage({ name, host }: PluginFacts, description: string): string {
  return toJson({
    name, version: '0.1.0', description, private: true, type: 'module', exports: './dist/index.js', files: ['dist', 'README.md'],
    peerDependencies: { '@mortise/sdk': host }, dependencies: { zod: ZOD },
  })
}

/** JSON as it stands in files. */
export const toJson = (value: object): string => `${JSON.stringify(value, null, 2)}\n`

/** The end of each README: what to type while working on the plugin. */
export const workingOn = (name: string, build = true): string => `## Working on it

\`\`\`
npx mortise plugins enable ${name}     # loads it on trial, and links it
npx mortise dev                       # ${build ? 'compiles and restarts' : 'restarts'} at each change
npm test -- plugins/available/${name}  # its tests
\`\`\`
`

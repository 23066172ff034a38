const floors = require('./test/house/floors.json')
const rooms = floors.flat()
const any = (names) => `^libs/(${names.join('|')})/`

const stairs = floors.flatMap((floor, level) =>
  floor.map((room) => {
    const notBelow = rooms.filter((other) => other !== room && !floors.slice(0, level).flat().includes(other))
    return {
      name: `floor-${level}-${room}`,
      comment: `libs/${room} stands on floor ${level}: it may import the floors below it only.`,
      severity: 'error',
      from: { path: `^libs/${room}/` },
      to: { path: notBelow.length ? any(notBelow) : '^$' },
    }
  }),
)

module.exports = {
  forbidden: [
    ...stairs,
    { name: 'no-way-up-to-the-app', severity: 'error', from: { path: '^libs/', pathNot: '\\.(spec|contract)\\.ts$' }, to: { path: '^(src|plugins|test)/' } },
    { name: 'specs-lean-on-test-support-only', severity: 'error', from: { path: '^libs/.*\\.(spec|contract)\\.ts$' }, to: { path: '^(src|plugins|test/(?!support/|fixtures/))/' } },
    { name: 'front-door-only', severity: 'error',
      comment: 'Another room is entered through its index.ts.',
      from: { path: '^(libs/[^/]+|src|plugins/available/[^/]+)/' },
      to: { path: '^libs/[^/]+/src/', pathNot: ['^$1/', '^libs/[^/]+/src/index\\.ts$', '^libs/sdk/src/testing/index\\.ts$'] } },
    { name: 'guests-know-the-sdk-only', severity: 'error',
      from: { path: '^plugins/available/' }, to: { path: '^(libs/(?!sdk/)|src/)' } },
    { name: 'guests-keep-to-themselves', severity: 'error',
      from: { path: '^plugins/available/([^/]+)/' }, to: { path: '^plugins/available/(?!$1/)' } },
    { name: 'sdk-stands-alone', severity: 'error',
      from: { path: '^libs/sdk/src/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-peer', 'npm-optional', 'npm-no-pkg'], pathNot: 'node_modules/reflect-metadata/' } },
    { name: 'no-ring', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphan', severity: 'error', from: { orphan: true, pathNot: ['\\.d\\.ts$', '\\.(spec|test)\\.ts$', '^test/', '^plugins/available/[^/]+/index\\.js$'] }, to: {} },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/|^plugins/enabled/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
}

import { compilerOptions } from './build.mjs'

/** The threads of the SQLite driver, which reads the environment of the process; tests are given a copy of it. */
process.env.TOKIO_WORKER_THREADS ??= '8'

/** Native ES modules, compiled by SWC on the fly; rooms are entered by name as in the build. */
const swc = { ...compilerOptions, sourceMaps: 'inline' }

export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/libs', '<rootDir>/plugins/available', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts', '**/*.e2e-spec.ts', '**/plugins/available/*/test/*.spec.js'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/test/fixtures/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/test/fixtures/.*/package.json'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^@app/([\\w-]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^@mortise/sdk$': '<rootDir>/libs/sdk/src/index.ts',
    '^@mortise/sdk/testing$': '<rootDir>/libs/sdk/src/testing/index.ts',
    '^mortise/testing$': '<rootDir>/src/testing.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': ['@swc/jest', swc],
    '/node_modules/cookie/.+\\.js$': ['@swc/jest', { ...swc, jsc: { ...swc.jsc, parser: { syntax: 'ecmascript' } }, module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: ['/node_modules/(?!cookie/)'],
  reporters: ['default', '<rootDir>/test/support/left-out-reporter.mjs'],
  testTimeout: 20_000,
  // Each file loads its modules anew and none are ever unloaded: a process that has run many is replaced.
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
}

export { createTestHost } from './create-test-host.js'
export type { LogEntry, TestHost, TestHostOptions } from './test-host.js'

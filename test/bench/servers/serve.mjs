/**
 * What every server of the benchmarks does: tells its parent where it listens and what else it has to know,
 * and answers `usage` with the CPU time and memory that the process itself accounts for.
 */
export function serve(port, more = {}) {
  process.on('message', (message) => {
    if (message === 'usage') process.send({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss() })
  })
  process.on('disconnect', () => process.exit(0))
  process.send({ port, ...more })
}

import { relative } from 'node:path'

/**
 * Says at the end which tests were left out, for want of a server or a program that this machine does not have. In continuous
 * integration nothing may be left out: there it fails the run.
 */
export default class LeftOutReporter {
  #leftOut = []

  onRunComplete(_contexts, { testResults }) {
    this.#leftOut = testResults.flatMap(({ testFilePath, testResults: tests }) => {
      const skipped = tests.filter(({ status }) => status === 'pending' || status === 'todo')
      const titles = new Set(skipped.map(({ ancestorTitles, title }) => ancestorTitles[0] ?? title))
      return [...titles].map((title) => ({ file: relative(process.cwd(), testFilePath), title, count: skipped.filter((test) => (test.ancestorTitles[0] ?? test.title) === title).length }))
    })
    // With a pattern of titles, whatever it does not match is left out on purpose.
    if (this.#leftOut.length === 0 || isNarrowed()) return
    const lines = this.#leftOut.map(({ file, title, count }) => `  ${file}: ${count} of "${title}"`)
    process.stderr.write(`\nLeft out on this machine (continuous integration leaves nothing out):\n${lines.join('\n')}\n`)
  }

  getLastError() {
    if (process.env.CI !== 'true' || this.#leftOut.length === 0 || isNarrowed()) return undefined
    return new Error(`${this.#leftOut.length} suites were left out in continuous integration.`)
  }
}

const isNarrowed = () => process.argv.some((argument) => /^(-t|--testNamePattern)\b/.test(argument))

import { describe, expect, test } from '@jest/globals'
import { frameIn } from './frame-in.js'

const GEO = '/srv/plugins/available/geo'
const stacked = (stack: string): Error => Object.assign(new Error('stray'), { stack })
const errorFrom = (...frames: string[]): Error => stacked(`Error: stray\n${frames.map((frame) => `    at ${frame}`).join('\n')}`)

describe('the frame of an error in a folder', () => {
  test('is the topmost one, with its line and column', () => {
    expect(frameIn(errorFrom('run (/srv/dist/main.js:1:1)', 'new Geo (file:///srv/plugins/available/geo/index.js:12:5)'), GEO)).toBe(`${GEO}/index.js:12:5`)
    expect(frameIn(errorFrom(`${GEO}/index.js:12:5`), GEO)).toBe(`${GEO}/index.js:12:5`)
    expect(frameIn(errorFrom('file:///srv/plugins/available/geo%20names/my%20index.js:3:1'), `${GEO} names`)).toBe(`${GEO} names/my index.js:3:1`)
  })

  test('is where a module cannot be parsed, which stands before the stack', () => {
    expect(frameIn(stacked(`file://${GEO}/index.js:2\nclass P { foo( }\n               ^\n\nSyntaxError: Unexpected token\n    at link (node:internal:1:1)`), GEO)).toBe(`${GEO}/index.js:2`)
    expect(frameIn(stacked(`${GEO}/index.cjs:2\nfoo(\n\nSyntaxError: Unexpected end`), GEO)).toBe(`${GEO}/index.cjs:2`)
  })

  test('is none elsewhere, and for what is no error', () => {
    expect([new Error('elsewhere'), stacked('file:///srv/dist/main.js:2\nfoo('), null, undefined, 'text'].map((thrown) => frameIn(thrown, GEO))).toEqual(Array(5).fill(undefined))
  })
})

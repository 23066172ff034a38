import { describe, expect, test } from '@jest/globals'
import { attributeStray } from './attribute-stray.js'

const plugins = [{ name: 'geo', folder: '/srv/plugins/available/geo' }, { name: 'geo-names', folder: '/srv/plugins/available/geo names' }]

const errorFrom = (...frames: string[]): Error => Object.assign(new Error('stray'), { stack: `Error: stray\n${frames.map((frame) => `    at ${frame}`).join('\n')}` })

describe('a stray error', () => {
  test('belongs to the plugin of its topmost line that lies in one', () => {
    const error = errorFrom('connect (node:net:1:1)', 'ask (/srv/plugins/available/geo/node_modules/x/index.js:1:1)', 'run (file:///srv/plugins/available/geo%20names/index.js:1:1)')
    expect(attributeStray(error, plugins)).toBe('geo')
  })

  test('is found by the folder\'s whole name, and by its URL', () => {
    expect(attributeStray(errorFrom('run (file:///srv/plugins/available/geo%20names/index.js:1:1)'), plugins)).toBe('geo-names')
    expect(attributeStray(errorFrom('run (/srv/plugins/available/geography/index.js:1:1)'), plugins)).toBeUndefined()
  })

  test('is nobody\'s when no line lies in a plugin, when its message only says so, and when it is no error', () => {
    expect(attributeStray(errorFrom('run (/srv/dist/main.js:1:1)'), plugins)).toBeUndefined()
    expect(attributeStray(Object.assign(new Error('at /srv/plugins/available/geo/'), { stack: 'Error: in /srv/plugins/available/geo/' }), plugins)).toBeUndefined()
    expect([null, undefined, 'text', 1, {}].map((thrown) => attributeStray(thrown, plugins))).toEqual(Array(5).fill(undefined))
  })
})

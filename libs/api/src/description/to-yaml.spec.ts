import { expect, test } from '@jest/globals'
import { toYaml } from './to-yaml.js'

test('nesting is told by indentation, and texts are quoted as in JSON', () => {
  expect(toYaml({ a: { 'b c': [1, 'no', { d: null }] }, e: [], f: {}, g: 'x: y\n', h: undefined })).toBe([
    '"a":', '  "b c":', '    - 1', '    - "no"', '    -', '      "d": null', '"e": []', '"f": {}', '"g": "x: y\\n"', '',
  ].join('\n'))
})

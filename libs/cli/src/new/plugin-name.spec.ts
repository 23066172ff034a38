import { expect, test } from '@jest/globals'
import { checkPluginName, classOf } from './plugin-name.js'

test.each(['geo', 'geo-fence', 'g2', 'a-1-b', 'x'.repeat(64)])('"%s" is a name', (name) => {
  expect(() => checkPluginName(name)).not.toThrow()
})

test.each([
  ['GeoFence', 'Did you mean "geo-fence"?'], ['geo_fence', 'Did you mean "geo-fence"?'], ['-geo-', 'Did you mean "geo"?'], ['2geo', 'Did you mean "geo"?'],
  ['@acme/geo', 'Did you mean "geo"?'], ['a/../b', 'Did you mean "a-b"?'], ['', 'a letter first.'], ['...', 'a letter first.'], ['é', 'a letter first.'],
])('"%s" is none, and the nearest is told', (name, words) => {
  expect(() => checkPluginName(name)).toThrow(words)
})

test.each(['common', 'directory', 'built-in', 'host'])('"%s" means something else', (name) => {
  expect(() => checkPluginName(name)).toThrow('means something else')
})

test('a class is called as its plugin', () => {
  expect([classOf('geo'), classOf('geo-fence-2')]).toEqual(['GeoPlugin', 'GeoFence2Plugin'])
})

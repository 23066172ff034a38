import { expect, test } from '@jest/globals'
import { ConfigError } from './config.js'
import { examine } from './examine.js'

/** Nothing but Node can be looked at where the configuration cannot be read. */
const examineNode = (node: string) => examine({
  node, root: '/', settings: () => { throw new ConfigError(['server.prot: there is no such key.']) }, enabled: () => '/', host: () => { throw new Error('never asked') },
  openStore: () => Promise.reject(new Error('never opened')), loadAll: () => Promise.reject(new Error('never loaded')),
})

test.each(['20.19.0', '20.20.2', '22.3.0'])('Node %s will do', async (node) => {
  expect((await examineNode(node))[0]).toEqual({ about: 'Node', state: 'ok', message: node })
})

test.each(['18.20.4', '20.18.3'])('Node %s is a problem with a remedy', async (node) => {
  expect((await examineNode(node))[0]).toEqual({ about: 'Node', state: 'problem', message: `${node} is none of >=20.19.`, remedy: 'Install a version of Node that is.' })
})

test('a configuration that cannot be read ends the look, with its fault', async () => {
  expect(await examineNode('20.20.2')).toEqual([
    expect.objectContaining({ about: 'Node' }),
    { about: 'configuration', state: 'problem', message: expect.stringContaining('server.prot: there is no such key.'), remedy: 'The rest can be looked at once it is mended.' },
  ])
})

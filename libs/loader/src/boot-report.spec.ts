import { describe, expect, test } from '@jest/globals'
import { ApiError, createError } from '@mortise/sdk'
import { definePlugin } from '../../../test/support/define-plugin.js'
import { BootError, BootReport } from './boot-report.js'

describe('the report of a failed boot', () => {
  test('says for each fault what happened, where, and what to do', () => {
    const faults = [
      createError('plugin.assert.init_not_found', 'geo').with({ place: 'plugins/enabled/geo', hint: 'Give it an init method.' }),
      createError('services.storage.not_connected').with({ place: 'plugins/enabled/other' }),
    ]
    expect(new BootError(faults).message).toBe([
      'plugin.assert.init_not_found: Plugin "geo" has no "init" method.',
      '  at    plugins/enabled/geo',
      '  do    Give it an init method.',
      '',
      'services.storage.not_connected: The storage cannot be reached.',
      '  at    plugins/enabled/other',
    ].join('\n'))
  })

  test('keeps a message of several lines, and names an error without id by its class', () => {
    expect(new BootError([new ApiError('one\ntwo', 500)]).message).toBe('ApiError: one\ntwo')
  })
})

test('the report of a boot has a line for each plugin, in columns', () => {
  const report = new BootReport([
    { definition: definePlugin({ name: 'geo', version: '' }), milliseconds: 1.26 },
    { definition: definePlugin({ name: 'hello-world', kind: 'classic' }), milliseconds: 120 },
  ])
  expect(String(report)).toBe([
    'geo          -      decorated  1.3 ms    plugins/enabled/geo',
    'hello-world  1.0.0  classic    120.0 ms  plugins/enabled/hello-world',
  ].join('\n'))
})

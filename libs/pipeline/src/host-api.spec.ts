import { describe, expect, test } from '@jest/globals'
import { ForbiddenError, type Request, type User } from '@mortise/sdk'
import { createCorridor } from '../../../test/support/create-corridor.js'
import { definePlugin } from '../../../test/support/define-plugin.js'
import { HostApi } from './host-api.js'

const loadUser = (id: string): Promise<User> => Promise.resolve({ _id: id, profileIds: ['default'] })

/** An action that answers what it sees, and a pipe that notes that it ran. */
function corridor() {
  const told: string[] = []
  const see = ({ input, context }: Request) => ({ name: input.args.name, user: context.user?._id ?? null, protocol: context.connection.protocol })
  const { pipeline } = createCorridor({
    plugins: [definePlugin({
      name: 'eye',
      controllers: [{ name: 'eye', actions: [
        { name: 'see', handler: see, routes: [] },
        { name: 'refuse', handler: () => { throw new ForbiddenError('not today') }, routes: [] },
      ] }],
      pipes: [{ event: 'eye:beforeSee', name: 'Eye.before', handler: (request) => { told.push('before'); return request } }],
    })],
    gate: { authenticate: () => { throw new Error('inner calls have no token') }, authorize: (_, { user }) => { if (user._id !== 'boss') throw new ForbiddenError(`not ${user._id}`) }, limit: () => undefined },
  })
  return { api: new HostApi(pipeline, loadUser), told }
}

describe('an inner call', () => {
  test('resolves to the result, asked by nobody', async () => {
    const { api, told } = corridor()
    expect(await api.call({ controller: 'eye', action: 'see', name: 'Ann' })).toEqual({ name: 'Ann', user: null, protocol: 'funnel' })
    expect(told).toEqual([])
  })

  test('rejects with the error of the answer', async () => {
    await expect(corridor().api.call({ controller: 'eye', action: 'refuse' })).rejects.toMatchObject({ status: 403, message: 'not today' })
  })

  test.each([['by option', { controller: 'eye', action: 'see' }, { events: true }], ['in the request', { controller: 'eye', action: 'see', triggerEvents: true }, {}]])(
    'raises events when asked to %s', async (_, data, options) => {
      const { api, told } = corridor()
      await api.call(data, options)
      expect(told).toEqual(['before'])
    })

  test('may be made for a user, whose rights are checked when asked', async () => {
    const { api } = corridor()
    expect(await api.as({ _id: 'ann' }).call({ controller: 'eye', action: 'see' })).toMatchObject({ user: 'ann' })
    await expect(api.as({ _id: 'ann' }, { checkRights: true }).call({ controller: 'eye', action: 'see' })).rejects.toThrow('not ann')
    expect(await api.as({ _id: 'boss' }, { checkRights: true }).call({ controller: 'eye', action: 'see' })).toMatchObject({ user: 'boss' })
  })

  test('has the everyday actions on documents as methods', async () => {
    const { api } = corridor()
    await expect(api.document.get('shop', 'orders', 'o1')).rejects.toMatchObject({ id: 'api.process.controller_not_found' })
  })
})

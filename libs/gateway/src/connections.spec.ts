import { describe, expect, test } from '@jest/globals'
import { Connections } from './connections.js'

const connection = (id: string, protocol = 'websocket') => ({ id, protocol, ips: ['127.0.0.1'] })

describe('connections', () => {
  test('one that was announced can be found by its id', () => {
    const connections = new Connections()
    connections.add(connection('a'))
    expect(connections.get('a')).toEqual(connection('a'))
    expect(connections.get('b')).toBeUndefined()
  })

  test('they are counted by protocol', () => {
    const connections = new Connections()
    connections.add(connection('a'))
    connections.add(connection('b'))
    connections.add(connection('c', 'mqtt'))
    expect(connections.counts).toEqual({ websocket: 2, mqtt: 1 })
  })

  test('one that is announced twice counts once', () => {
    const connections = new Connections()
    expect(connections.add(connection('a'))).toBe(true)
    expect(connections.add(connection('a'))).toBe(false)
    expect(connections.counts).toEqual({ websocket: 1 })
  })

  test('one that goes is gone, and its protocol with the last', () => {
    const connections = new Connections()
    connections.add(connection('a'))
    expect(connections.remove('a')).toEqual(connection('a'))
    expect(connections.get('a')).toBeUndefined()
    expect(connections.counts).toEqual({})
  })

  test('removing one that is not there changes nothing', () => {
    const connections = new Connections()
    connections.add(connection('a'))
    expect(connections.remove('b')).toBeUndefined()
    expect(connections.counts).toEqual({ websocket: 1 })
  })
})

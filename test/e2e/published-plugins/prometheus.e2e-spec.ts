import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Kuzzle, WebSocket } from 'kuzzle-sdk'
import '../../../src/index.js'
import { startHost, type StartedHost } from '../../support/start-host.js'

const { PrometheusPlugin } = createRequire(import.meta.url)('kuzzle-plugin-prometheus') as { PrometheusPlugin: new () => object }

const TYPE = 'text/plain; version=0.0.4; charset=utf-8'

describe('kuzzle-plugin-prometheus', () => {
  let host: StartedHost
  let client: Kuzzle

  beforeAll(async () => {
    host = await startHost({ plugins: [new PrometheusPlugin()], config: { plugins: { prometheus: { labels: { project: 'x' } } } } })
    client = new Kuzzle(new WebSocket('127.0.0.1', { port: host.port }))
    await client.connect()
    await host.ask('GET', '/_now')
  })
  afterAll(async () => {
    client.disconnect()
    await host.close()
  })

  test('answers its metrics as the text that a scraper reads', async () => {
    const { status, headers, text } = await host.ask('GET', '/_/metrics')
    expect([status, headers.get('content-type')]).toEqual([200, TYPE])
    expect(text).toMatch(/^kuzzle_api_concurrent_requests\{project="x",nodeId="[^"]+"\} \d+$/m)
    expect(text).toMatch(/^kuzzle_network_connections\{protocol="websocket",project="x",nodeId="[^"]+"\} 1$/m)
  })

  test('counts how long each action took, by action and answer', async () => {
    await host.ask('GET', '/nowhere/nothing/none')
    const { text } = await host.ask('GET', '/_/metrics')
    const buckets = text.split('\n').filter((line) => line.startsWith('kuzzle_api_request_duration_ms_bucket{'))
    const now = buckets.filter((line) => ['action="now"', 'controller="server"', 'protocol="http"', 'status="200"', 'project="x"'].every((label) => line.includes(label)))
    expect(now.map((line) => Number(line.split(' ').pop()))).toContain(1)
    expect(buckets.some((line) => line.includes('action="get"') && !line.includes('status="200"'))).toBe(true)
  })

  test('turns the host\'s own metrics into text when that is asked for, and leaves them otherwise', async () => {
    const asText = await host.ask('GET', '/_metrics?format=prometheus')
    expect(asText.headers.get('content-type')).toBe(TYPE)
    expect(asText.text).toContain('kuzzle_api_concurrent_requests{project="x"')
    for (const path of ['/_metrics', '/_metrics?format=xml']) {
      const { body, headers } = await host.ask('GET', path)
      expect(headers.get('content-type')).toContain('application/json')
      expect(body).toMatchObject({ status: 200, controller: 'server', action: 'metrics', result: { api: { concurrentRequests: expect.any(Number) } } })
    }
  })

  test('leaves them as they are over WebSocket, where its own action answers nothing', async () => {
    const { result } = await client.query({ controller: 'server', action: 'metrics', format: 'prometheus' })
    expect(result).toMatchObject({ api: { concurrentRequests: expect.any(Number) } })
    const own = await client.query({ controller: 'prometheus', action: 'metrics' })
    expect([own.status, own.result ?? undefined]).toEqual([200, undefined])
  })

  test('with request durations switched off, its hooks throw and no request minds', async () => {
    const quiet = await startHost({
      installed: ['kuzzle-plugin-prometheus'], config: { plugins: { prometheus: { core: { monitorRequestDuration: false } } } },
    })
    try {
      expect(await quiet.ask('GET', '/_now')).toMatchObject({ status: 200 })
      expect((await quiet.ask('GET', '/_/metrics')).text).toContain('kuzzle_api_concurrent_requests')
    } finally {
      await quiet.close()
    }
  })
})

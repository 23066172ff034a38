import { afterEach, describe, expect, test } from '@jest/globals'
import { createTestHost, type TestHost } from '@mortise/sdk/testing'
import HelloWorld from '../src/index.js'

let host: TestHost

afterEach(() => host.close())

describe('hello-world', () => {
  test('greets by name, and the world when nobody is named', async () => {
    host = await createTestHost({ plugins: [HelloWorld] })
    expect(await host.call({ controller: 'hello-world/hello', action: 'sayHello', name: 'Ann' })).toBe('Hello Ann')
    expect(await host.call({ controller: 'hello-world/hello', action: 'sayHello' })).toBe('Hello world')
  })

  test('answers over HTTP at the URLs that its README names', async () => {
    host = await createTestHost({ plugins: [HelloWorld] })
    for (const path of ['/_/hello-world/hello/Ann', '/_plugin/hello-world/hello/Ann']) {
      const answer = await host.fetch(path)
      expect([answer.status, await answer.json()]).toMatchObject([200, { result: 'Hello Ann' }])
    }
  })

  test('greets as it is configured', async () => {
    host = await createTestHost({ plugins: [HelloWorld], config: { 'hello-world': { greeting: 'Salut' } } })
    expect(await host.call({ controller: 'hello-world/hello', action: 'sayHello', name: 'Ann' })).toBe('Salut Ann')
  })
})

test('a greeting that is no text is refused before anything starts', async () => {
  await expect(createTestHost({ plugins: [HelloWorld], config: { 'hello-world': { greeting: 7 } } })).rejects.toThrow('plugins.hello-world.greeting')
})

import { expect, test } from '@jest/globals'
import { renderLog } from './render-log.js'

const render = (line: string): string => renderLog(line, (style, text) => (style === 'red' ? `<${text}>` : text))
const log = (more: object): string => JSON.stringify({ level: 30, time: '2026-01-02T03:04:05.678Z', ...more })

test('a line of the log tells when, how grave, who and what', () => {
  expect(render(log({ plugin: 'geo', msg: 'hello' }))).toBe('03:04:05 info  geo          hello')
  expect(render(log({ msg: 'hello' }))).toBe('03:04:05 info  host         hello')
})

test('what is logged for a request is marked as that is', () => {
  const request = '0c5ce9a0-1d5f-4c8f-8e43-0f6fbc6a57e5'
  expect(render(log({ plugin: 'geo', msg: 'hello', request }))).toBe('03:04:05 info  geo          hello  #0c5ce9a0')
  expect(render(log({ plugin: 'request', msg: 'http server:now 200\n  by    pipe', request }))).toBe('03:04:05 info  request      http server:now 200  #0c5ce9a0\n  by    pipe')
  expect(render(log({ plugin: 'geo', msg: 'hello', request: 'r1' }))).toBe('03:04:05 info  geo          hello  #r1')
})

test('an error comes with its remedy and its stack', () => {
  expect(render(log({ level: 50, plugin: 'geo', msg: 'no', hint: 'Do it.', stack: 'Error: no\n    at x' }))).toBe('03:04:05 <error> geo          no\n  do    Do it.\nError: no\n    at x')
})

test.each(['Mortise listens', '{ no json', '{"a":1}', ''])('what is no log, such as "%s", is shown as it is', (line) => {
  expect(render(line)).toBe(line)
})

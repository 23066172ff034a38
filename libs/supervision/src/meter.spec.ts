import { describe, expect, test } from '@jest/globals'
import { BadRequestError, InternalError } from '@mortise/sdk'
import { Meter } from './meter.js'
import { Tap, type TappedCall } from './tap.js'

const subject = { plugin: 'geo', kind: 'pipe', name: 'Geo.locate', event: 'document:beforeCreate', listener: 'pipe Geo.locate on "document:beforeCreate"' } as const

function createMeter(slowAfter = 0) {
  const tap = new Tap()
  const slow: number[] = []
  return { tap, slow, meter: new Meter(subject, { tap, slowAfter, onSlow: (_meter, milliseconds) => slow.push(milliseconds) }) }
}

describe('Meter', () => {
  test('tells what broke from what was refused for a reason', () => {
    const { meter } = createMeter()
    meter.end(2)
    meter.end(3, new BadRequestError('no title'))
    meter.end(5, new InternalError('disk full'))
    meter.skip(new InternalError('not asked'))
    expect(meter.counts).toEqual({ ok: 1, refused: 1, failed: 1, skipped: 1 })
    expect([meter.calls, meter.total]).toEqual([3, 10])
  })

  test('knows what most calls stay within, to a fifth', () => {
    const { meter } = createMeter()
    for (let number = 0; number < 990; number++) meter.end(1)
    for (let number = 0; number < 10; number++) meter.end(800)
    expect(meter.quantile(0.5)).toBe(1)
    expect(meter.quantile(0.99)).toBe(1)
    expect(meter.quantile(0.999)).toBeGreaterThanOrEqual(800)
    expect(meter.quantile(0.999)).toBeLessThan(960)
  })

  test('never says longer than the longest', () => {
    const { meter } = createMeter()
    meter.end(609)
    expect([meter.quantile(0.5), meter.quantile(0.99)]).toEqual([609, 609])
  })

  test.each([0, 1e-9, 1e9])('takes a duration of %s ms', (milliseconds) => {
    const { meter } = createMeter()
    meter.end(milliseconds)
    expect(meter.quantile(0.99)).toBeGreaterThan(0)
  })

  test('says 0 of a listener that was never called', () => {
    expect(createMeter().meter.quantile(0.99)).toBe(0)
  })

  test('names what is slow', () => {
    const { meter, slow } = createMeter(10)
    for (const milliseconds of [9, 10, 11]) meter.end(milliseconds)
    expect(slow).toEqual([11])
  })

  test('shows calls to who taps, and to nobody else', () => {
    const { meter, tap } = createMeter()
    const seen: TappedCall[] = []
    meter.end(1)
    const stop = tap.watch('document:*', (call) => seen.push(call))
    meter.end(4, new InternalError('disk full'))
    meter.skip(new InternalError('not asked'))
    stop()
    meter.end(1)
    const what = { plugin: 'geo', kind: 'pipe', listener: 'Geo.locate', event: 'document:beforeCreate', time: expect.any(Number) }
    expect(seen).toEqual([
      { ...what, milliseconds: 4, outcome: 'failed', error: 'disk full' },
      { ...what, milliseconds: 0, outcome: 'skipped', error: 'not asked' },
    ])
  })
})

describe('Tap', () => {
  test.each([
    ['document:beforeCreate', true], ['document:*', true], ['document:before*', true], ['*:*', true],
    ['document:before', false], ['document:after*', false], ['security:*', false],
  ])('%s shows document:beforeCreate: %s', (pattern, isShown) => {
    const { meter, tap } = createMeter()
    const seen: TappedCall[] = []
    tap.watch(pattern, (call) => seen.push(call))
    meter.end(1)
    expect(seen).toHaveLength(isShown ? 1 : 0)
  })

  test('is on as long as anybody watches', () => {
    const tap = new Tap()
    const stops = [tap.watch('*:*', () => undefined), tap.watch('*:*', () => undefined)]
    stops[0]?.()
    expect(tap.isOn).toBe(true)
    stops[1]?.()
    expect(tap.isOn).toBe(false)
  })
})

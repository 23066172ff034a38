import { expect, test } from '@jest/globals'
import { checkConfig, ConfigError } from './config.js'
import { PluginSections } from './plugin-sections.js'

const config = (plugins: Record<string, unknown>) => checkConfig({ plugins })

test('what runs keeps its section, and what comes in has that of now', () => {
  const sections = new PluginSections(config({ geo: { unit: 'km' }, shop: { open: true }, gone: {} }).plugins, () => config({ geo: { unit: 'mile' }, shop: { open: false }, mail: {}, late: {} }))
  sections.renew(['geo', 'mail'])
  expect(Object.keys(sections.current).sort()).toEqual(['common', 'geo', 'late', 'shop'])
  expect(sections.current).toMatchObject({ geo: { unit: 'km' }, shop: { open: false } })
})

test('what is of all plugins stays as the host was started with', () => {
  const sections = new PluginSections(config({ watch: true, common: { initTimeout: 7 } }).plugins, () => config({ watch: false, directory: 'other', common: { initTimeout: 8 } }))
  sections.renew([])
  expect(sections.current).toMatchObject({ watch: true, common: { initTimeout: 7 } })
  expect(sections.current.directory).toBeUndefined()
})

test('it can be taken back, and a fault changes nothing', () => {
  const first = config({ geo: { unit: 'km' } }).plugins
  let next: Record<string, unknown> = { geo: { unit: 'mile' } }
  const sections = new PluginSections(first, () => config(next))
  sections.renew([])()
  expect(sections.current).toBe(first)
  next = { geo: { isolation: 'cellar' } }
  expect(() => sections.renew([])).toThrow(ConfigError)
  expect(sections.current).toBe(first)
})

test('a configuration that code has given stays as it is', () => {
  const first = config({ geo: { unit: 'km' } }).plugins
  const sections = new PluginSections(first)
  sections.renew([])
  expect(sections.current).toBe(first)
})

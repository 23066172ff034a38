import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Controller, Get, Plugin, Post, type Request } from '@mortise/sdk'
import { Validator } from '@seriousme/openapi-schema-validator'
import { z } from 'zod'
import { openBrowser, type BrowserPage } from '../support/open-browser.js'
import { RealtimeClients } from '../support/realtime-clients.js'
import { startHost, type StartedHost } from '../support/start-host.js'

/** What Ajv compiles a schema to. */
interface ValidateFunction {
  (document: unknown): boolean
  readonly errors: unknown
}

/** By the official schema, with the JSON Schema validator that the one for OpenAPI brings. */
function asyncApiValidator(): ValidateFunction {
  const schema = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('@asyncapi/specs/schemas/3.0.0-without-$id.json'), 'utf8')) as object
  const { default: Ajv } = createRequire(import.meta.resolve('@seriousme/openapi-schema-validator'))('ajv') as { default: new (options: object) => { compile(schema: object): ValidateFunction } }
  return new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema)
}

const order = z.object({
  id: z.string().describe('Which order it is'),
  count: z.int().min(1).default(1),
  body: z.object({ city: z.string().min(2) }),
})
const receipt = z.object({ id: z.string(), count: z.number(), city: z.string() })

@Controller('order')
class OrderController {
  @Post('/:id', { summary: 'Places an order.', input: order, output: receipt })
  place(_request: Request, { id, count, body }: z.output<typeof order>) {
    return { id, count, city: body.city, margin: 0.9 }
  }

  @Get('/broken', { output: receipt })
  broken() {
    return JSON.parse('{}')
  }
}

@Plugin({ name: 'shop', controllers: [OrderController] })
class Shop {}

let host: StartedHost

beforeAll(async () => { host = await startHost({ plugins: [Shop] }) })
afterAll(() => host.close())

describe('an action with schemas', () => {
  test('takes what fits over HTTP, and answers what it declares', async () => {
    const { body } = await host.ask('POST', '/_/shop/order/o1?count=2', { body: { city: 'Hue' } })
    expect(body).toMatchObject({ status: 200, result: { id: 'o1', count: 2, city: 'Hue' } })
    expect(body.result).not.toHaveProperty('margin')
  })

  test('does so over WebSocket', async () => {
    const clients = new RealtimeClients(host.port)
    const client = await clients.connect()
    const place = (count: unknown): Promise<unknown> => client.query({ controller: 'shop/order', action: 'place', id: 'o1', count, body: { city: 'Hue' } })
    expect(await place(2)).toMatchObject({ result: { count: 2 } })
    await expect(place('2')).rejects.toMatchObject({ status: 400, id: 'api.assert.invalid_argument' })
    clients.close()
  })

  test('refuses the rest with every path and message', async () => {
    const { status, body } = await host.ask('POST', '/_/shop/order/o1?count=0', { body: { city: 'H' } })
    expect(status).toBe(400)
    expect(body.error).toMatchObject({
      id: 'api.assert.invalid_argument', status: 400, count: 2,
      errors: [{ path: 'count', message: expect.any(String) }, { path: 'body.city', message: expect.any(String) }],
    })
  })

  test('is to blame by name when it answers something else', async () => {
    const { status, body } = await host.ask('GET', '/_/shop/order/broken')
    expect(status).toBe(500)
    expect(body.error.message).toContain('Action "shop/order:broken" of plugin "shop"')
  })
})

test('what is served at /_openapi is OpenAPI 3.1', async () => {
  const { body } = await host.ask('GET', '/_openapi?scope=all')
  expect(await new Validator().validate(body)).toMatchObject({ valid: true })
  expect(body.paths).toHaveProperty(['/_/shop/order/{id}', 'post', 'summary'], 'Places an order.')
})

test('what is served at /_asyncapi is AsyncAPI 3.0', async () => {
  const validate = asyncApiValidator()
  for (const scope of ['app', 'all']) {
    expect([validate((await host.ask('GET', `/_asyncapi?scope=${scope}`)).body), validate.errors]).toEqual([true, null])
  }
  expect(validate({ asyncapi: '3.0.0', info: { title: 'no version' } })).toBe(false)
})

test('what is served at /_asyncapi names the host and the plugin\'s events', async () => {
  const { body } = await host.ask('GET', '/_asyncapi?scope=app')
  expect(body).toMatchObject({ asyncapi: '3.0.0', servers: { websocket: { host: new URL(host.url).host } } })
  expect(body.channels).toHaveProperty(['shop.order.afterPlace', 'address'], 'shop/order:afterPlace')
})

describe('the page at /docs, in a browser', () => {
  let browser: BrowserPage
  const asked: string[] = []

  beforeAll(async () => {
    browser = await openBrowser()
    browser.page.on('request', (request) => asked.push(request.url()))
    await browser.page.goto(`${host.url}/docs#shop/order:place`)
  })
  afterAll(() => browser.close())

  test('opens where its address points', async () => {
    expect(await browser.page.getByText('Which order it is').isVisible()).toBe(true)
    expect(await browser.page.getByText('body.city').isVisible()).toBe(true)
  })

  test('finds actions as one types', async () => {
    await browser.page.getByLabel('Search').fill('order place')
    expect(await browser.page.getByRole('search').getByRole('status').textContent()).toMatch(/^1 of \d+$/)
    expect(await browser.page.locator('details:visible').count()).toBe(1)
    await browser.page.getByLabel('Search').fill('')
    expect(await browser.page.locator('details:visible').count()).toBeGreaterThan(100)
  })

  test('is walked by keyboard and known by landmarks', async () => {
    await browser.page.keyboard.press('Home')
    expect(await browser.page.getByRole('navigation', { name: 'Controllers' }).getByRole('link', { name: 'shop/order' }).isVisible()).toBe(true)
    expect(await browser.page.getByRole('main').isVisible()).toBe(true)
    expect(await browser.page.getByRole('link', { name: 'Skip to the actions' }).getAttribute('href')).toBe('#actions')
  })

  test('is light or dark as its reader\'s system is', async () => {
    const paper = (): Promise<string> => browser.page.evaluate('getComputedStyle(document.body).backgroundColor')
    await browser.page.emulateMedia({ colorScheme: 'light' })
    const light = await paper()
    await browser.page.emulateMedia({ colorScheme: 'dark' })
    expect([light, await paper()]).toEqual(['rgb(255, 255, 255)', 'rgb(20, 23, 26)'])
  })

  test('fits a phone, with every action open', async () => {
    const { page } = browser
    await page.setViewportSize({ width: 360, height: 740 })
    await page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = true })')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
  })

  test('keeps the controllers in sight on a wide screen', async () => {
    await browser.page.setViewportSize({ width: 1280, height: 800 })
    await browser.page.evaluate('scrollTo(0, 20_000)')
    expect(await browser.page.evaluate('document.querySelector("nav").getBoundingClientRect().top')).toBeGreaterThan(0)
  })

  test('asks nobody for anything else, and its policy refuses nothing of its own', () => {
    expect(asked.filter((url) => !url.startsWith(`${host.url}/docs`))).toEqual([])
    expect(browser.faults).toEqual([])
  })
})

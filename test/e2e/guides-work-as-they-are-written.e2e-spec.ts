import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { postgresUrl, whyUnreachable } from '../../libs/storage/src/engines/postgres/postgres-server.contract.js'
import { GUIDES, GuideReader, PAGES, readGuide } from '../support/run-guide.js'

const database = `mortise_guide_${process.pid}`
const reason = process.env.CI === 'true' ? undefined : await whyUnreachable()

let reader: GuideReader

async function administer(statement: string): Promise<void> {
  const client = new pg.Client(postgresUrl)
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

const stepsOf = (pages: readonly string[]) => pages.map((page) => ({ page, steps: readGuide(readFileSync(page, 'utf8')) })).filter(({ steps }) => steps.length > 0)
const guides = stepsOf(GUIDES)
const needsServer = ({ steps }: (typeof guides)[number]): boolean => JSON.stringify(steps).includes('$DATABASE')

describe('a reader who does what a guide says gets what it shows', () => {
  beforeEach(() => { reader = new GuideReader() })
  afterEach(() => reader.close())

  test.each(guides.filter((guide) => !needsServer(guide)))('$page', async ({ steps }) => {
    await expect(reader.follow(steps)).resolves.toBeUndefined()
  }, 600_000)
})

const withServer = reason === undefined ? describe : describe.skip
withServer('and so does a reader who has a PostgreSQL server', () => {
  beforeEach(async () => {
    await administer(`create database ${database}`)
    reader = new GuideReader({ DATABASE: postgresUrl.replace(/[^/]*$/, database) })
  })
  afterEach(async () => {
    await reader.close()
    await administer(`drop database if exists ${database} with (force)`)
  }, 120_000)

  test.each(guides.filter(needsServer))('$page', async ({ steps }) => {
    await expect(reader.follow(steps)).resolves.toBeUndefined()
  }, 600_000)
})

const areMosquittosThere = process.env.CI === 'true' || spawnSync('mosquitto_pub', ['--help']).error === undefined

describe('and so does a reader of other pages', () => {
  beforeEach(() => { reader = new GuideReader({}, readdirSync('plugins/available')) })
  afterEach(() => reader.close())

  for (const { page, steps } of stepsOf(PAGES)) {
    const run = areMosquittosThere || !JSON.stringify(steps).includes('mosquitto_pub') ? test : test.skip
    run(page, async () => {
      await expect(reader.follow(steps)).resolves.toBeUndefined()
    }, 600_000)
  }
})

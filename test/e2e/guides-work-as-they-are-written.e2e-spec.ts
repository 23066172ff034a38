import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { GUIDES, GuideReader, PAGES, readGuide } from '../support/run-guide.js'

const SERVER = 'postgres://postgres@127.0.0.1:5432'
const database = `mortise_guide_${process.pid}`

let reader: GuideReader

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${SERVER}/postgres` })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

const stepsOf = (pages: readonly string[]) => pages.map((page) => ({ page, steps: readGuide(readFileSync(page, 'utf8')) })).filter(({ steps }) => steps.length > 0)

describe('a reader who does what a guide says gets what it shows', () => {
  beforeEach(async () => {
    await administer(`create database ${database}`)
    reader = new GuideReader({ DATABASE: `${SERVER}/${database}` })
  })
  afterEach(async () => {
    await reader.close()
    await administer(`drop database if exists ${database} with (force)`)
  })

  test.each(stepsOf(GUIDES))('$page', async ({ steps }) => {
    await expect(reader.follow(steps)).resolves.toBeUndefined()
  }, 600_000)
})

describe('and so does a reader of other pages', () => {
  beforeEach(() => { reader = new GuideReader({}, readdirSync('plugins/available')) })
  afterEach(() => reader.close())

  test.each(stepsOf(PAGES))('$page', async ({ steps }) => {
    await expect(reader.follow(steps)).resolves.toBeUndefined()
  }, 600_000)
})

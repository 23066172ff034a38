import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import pg from 'pg'
import { GUIDES, GuideReader, readGuide } from '../support/run-guide.js'

const SERVER = 'postgres://postgres@127.0.0.1:5432'
const database = `mortise_guide_${process.pid}`

let reader: GuideReader

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${SERVER}/postgres` })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

beforeEach(async () => {
  await administer(`create database ${database}`)
  reader = new GuideReader({ DATABASE: `${SERVER}/${database}` })
})
afterEach(async () => {
  await reader.close()
  await administer(`drop database if exists ${database} with (force)`)
})

const guides = GUIDES.map((guide) => ({ guide, steps: readGuide(readFileSync(guide, 'utf8')) })).filter(({ steps }) => steps.length > 0)

test.each(guides)('$guide: a reader who does what it says gets what it shows', async ({ steps }) => {
  await expect(reader.follow(steps)).resolves.toBeUndefined()
}, 600_000)

import { expect, test } from '@jest/globals'
import type { Engine, Row } from '../engines/engine.js'
import { Catalogue } from './catalogue.js'

/** An engine that answers when it is told to, with what was there when it was asked, and says that somebody else changed something. */
function createEngine() {
  const names: string[] = []
  const waiting: (() => void)[] = []
  let tellChange = (): void => undefined
  const rowsOf = (text: string): Row[] => (text.includes('from indexes') ? [{ scope: 'public', name: 'library' }]
    : names.map((name, key) => ({ key, scope: 'public', index_name: 'library', name, mappings: '{"properties":{}}', settings: '{}' })))
  const engine = {
    onForeignChange: (listener: () => void) => { tellChange = listener },
    query: (statement: { render(placeholder: () => string): { text: string } }) => {
      const rows = rowsOf(statement.render(() => '?').text)
      return new Promise<Row[]>((resolve) => waiting.push(() => resolve(rows)))
    },
  } as unknown as Engine
  const answer = async (): Promise<void> => {
    for (let quiet = 0; quiet < 3; quiet++) {
      if (waiting.length > 0) quiet = 0
      waiting.splice(0).forEach((tell) => tell())
      await new Promise(setImmediate)
    }
  }
  /** The answers that are due, to be given later than those that are asked for in the meantime. */
  const holdBack = (): () => void => {
    const held = waiting.splice(0)
    return () => held.forEach((tell) => tell())
  }
  return { catalogue: new Catalogue(engine), names, answer, holdBack, change: (...added: string[]) => { names.push(...added); tellChange() } }
}

const place = (collection: string) => ({ index: 'library', collection })

test('who asks while the catalogue is read anew is answered in order, by what was read', async () => {
  const { catalogue, answer, change } = createEngine()
  change('books')
  await Promise.all([catalogue.find(place('books')), answer()])
  change('authors')
  const order: number[] = []
  const asked = [1, 2, 3].map((number) => catalogue.find(place('books')).then(() => order.push(number)))
  expect(catalogue.known(place('books'))).toBeUndefined()
  await answer()
  await Promise.all(asked)
  expect(order).toEqual([1, 2, 3])
  expect(catalogue.known(place('authors'))).toMatchObject({ name: 'authors' })
})

test('what was read before a change does not replace what is read after it', async () => {
  const { catalogue, answer, holdBack, change } = createEngine()
  change('books')
  const early = catalogue.find(place('books'))
  holdBack()()
  await new Promise(setImmediate)
  const answerLate = holdBack()
  change('authors')
  const late = catalogue.find(place('authors'))
  await answer()
  answerLate()
  await answer()
  expect(await Promise.all([early, late])).toMatchObject([{ name: 'books' }, { name: 'authors' }])
  expect(['books', 'authors'].map((name) => catalogue.known(place(name))?.name)).toEqual(['books', 'authors'])
})

test('a place is called unknown only when it is not there once more', async () => {
  const { catalogue, names, answer } = createEngine()
  const first = catalogue.find(place('books'))
  // By another machine, of which nothing was heard yet.
  names.push('books')
  await answer()
  expect(await first).toMatchObject({ name: 'books' })
  const missing = catalogue.find(place('ghosts'))
  const refused = expect(missing).rejects.toMatchObject({ id: 'services.storage.unknown_collection' })
  await answer()
  await refused
})

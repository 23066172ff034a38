import { expect, test } from '@jest/globals'
import { z } from 'zod'
import { Action, Get, Post, readMarks, type Request } from './index.js'

const input = z.object({ id: z.string(), count: z.coerce.number().default(1), body: z.object({ city: z.string() }) })
const output = z.object({ total: z.number(), at: z.string().optional() })

/** Compiled by `npm run typecheck`: each line marked must not compile, and the others must. */
class Actions {
  @Post('/:id', { input, output })
  place(_request: Request, { count, body }: z.output<typeof input>) { return { total: count, at: body.city } }

  @Action({ input, output })
  async later(_request: Request, { count }: { count: number }) { return { total: count } }

  @Get('/:id', { input })
  unread(_request: Request) { return 'anything' }

  @Get('/all', { output })
  checked() { return { total: 1 } }

  @Get()
  free(_request: Request, _more?: unknown) { return null }

  // @ts-expect-error -- the input has no such field
  @Post('/:id', { input })
  wrongInput(_request: Request, { name }: { name: string }) { return name }

  // @ts-expect-error -- what the schema makes of it is a number
  @Action({ input })
  wrongType(_request: Request, { count }: { count: string }) { return count }

  // @ts-expect-error -- the total is a number
  @Get('/wrong', { output })
  wrongOutput() { return { total: 'much' } }

  // @ts-expect-error -- nor when it is promised
  @Get('/late', { output })
  async wrongPromise() { return { total: 'much' } }

  // @ts-expect-error -- no such option
  @Get('/option', { inputs: input })
  option() {}
}

test('the actions above are marked', () => {
  expect(readMarks(Actions)?.actions[0]).toMatchObject({ name: 'place', input, output })
})

import 'reflect-metadata'
import { Body, Controller, Get, HttpException, Module, Param, Post, UseGuards, UseInterceptors, type DynamicModule } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { BadRequestError, createError, type Request, type User } from '@mortise/sdk'
import type { Gate, Identity } from '@app/security'
import { definePlugin } from '../../../../test/support/define-plugin.js'
import { startDoors, type Doors } from '../../../../test/support/start-doors.js'
import { AccessGuard } from './access-guard.js'
import { ActsAs } from './action-of.js'
import { HOST_ACCESS } from './host-access.js'
import { PipesInterceptor } from './pipes-interceptor.js'

const asked: string[] = []

/** Knows whoever has a token; lets `eve` do nothing and everybody else only read. */
class TokenGate implements Gate {
  async authenticate({ input }: Request): Promise<Identity> {
    if (input.jwt === 'forged') throw createError('security.token.invalid')
    const user: User = { _id: input.jwt ?? '-1', profileIds: [] }
    return { user, token: null }
  }

  authorize({ input, context }: Request): void {
    asked.push(`${context.user?._id} ${input.controller}:${input.action}`)
    if (context.user?._id === 'eve') throw createError('security.rights.forbidden', 'orders', 'list', 'eve')
  }

  limit({ context }: Request): void {
    if (context.user?._id === 'flood') throw createError('api.process.too_many_requests')
  }
}

@Controller('orders')
@UseGuards(AccessGuard)
@UseInterceptors(PipesInterceptor)
class OrdersController {
  @Get(':id')
  get(@Param('id') id: string): object {
    return { id }
  }

  @Post()
  create(@Body() body: object): object {
    return { created: body }
  }

  @Get('broken/one')
  broken(): never {
    throw new HttpException('their own', 418)
  }
}

@ActsAs('shop/stock')
@Controller('stock')
@UseGuards(AccessGuard)
@UseInterceptors(PipesInterceptor)
class StockController {
  @ActsAs('count')
  @Get()
  howMany(): number {
    return 5
  }
}

@Module({})
class AppModule {
  static with(access: object): DynamicModule {
    return { module: AppModule, controllers: [OrdersController, StockController], providers: [{ provide: HOST_ACCESS, useValue: access }, AccessGuard, PipesInterceptor] }
  }
}

const pipes = definePlugin({
  name: 'pipes',
  pipes: [
    {
      event: 'orders:beforeCreate', name: 'stamp',
      handler: (request) => {
        const { input } = request as Request
        if (input.body.quantity < 0) throw new BadRequestError('a quantity is positive')
        input.body = { ...input.body, stamped: true }
        return request
      },
    },
    {
      event: 'shop/stock:afterCount', name: 'double',
      handler: (request) => {
        const { result } = request as Request
        ;(request as Request).setResult((result as number) * 2)
        return request
      },
    },
  ],
})

let doors: Doors
let app: NestFastifyApplication
let url: string
beforeAll(async () => {
  doors = await startDoors({ plugins: [pipes] })
  app = await NestFactory.create<NestFastifyApplication>(AppModule.with({ gate: new TokenGate(), bus: doors.bus }), new FastifyAdapter(), { logger: false })
  await app.listen(0, '127.0.0.1')
  url = await app.getUrl()
})
afterAll(async () => {
  await app.close()
  await doors.close()
})
beforeEach(() => { asked.length = 0 })

async function ask(method: string, path: string, { token, body }: { token?: string; body?: object } = {}): Promise<{ status: number; body: unknown }> {
  const headers: Record<string, string> = {}
  if (token) headers.authorization = `Bearer ${token}`
  if (body) headers['content-type'] = 'application/json'
  const answer = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) })
  const text = await answer.text()
  return { status: answer.status, body: JSON.parse(text) as unknown }
}

describe('the rights of an ordinary Nest controller', () => {
  test('are those of the host, under the names of class and handler', async () => {
    expect(await ask('GET', '/orders/7', { token: 'ann' })).toEqual({ status: 200, body: { id: '7' } })
    expect(asked).toEqual(['ann orders:get'])
  })

  test('or under the names that it was given', async () => {
    expect((await ask('GET', '/stock')).status).toBe(200)
    expect(asked).toEqual(['-1 shop/stock:count'])
  })

  test('refuse with the status and error of the host', async () => {
    expect(await ask('GET', '/orders/7', { token: 'eve' })).toMatchObject({ status: 403, body: { id: 'security.rights.forbidden', status: 403 } })
    expect(await ask('GET', '/orders/7', { token: 'forged' })).toMatchObject({ status: 401, body: { id: 'security.token.invalid' } })
    expect(await ask('GET', '/orders/7', { token: 'flood' })).toMatchObject({ status: 429, body: { id: 'api.process.too_many_requests' } })
  })

  test('show no stack when they refuse', async () => {
    expect((await ask('GET', '/orders/7', { token: 'eve' })).body).not.toHaveProperty('stack')
  })
})

describe('the pipes around an ordinary Nest controller', () => {
  test('may change the body that the handler gets', async () => {
    expect(await ask('POST', '/orders', { body: { quantity: 1 } })).toEqual({ status: 201, body: { created: { quantity: 1, stamped: true } } })
  })

  test('may refuse', async () => {
    expect(await ask('POST', '/orders', { body: { quantity: -1 } })).toEqual({ status: 400, body: { message: 'a quantity is positive', status: 400 } })
  })

  test('may change what is answered', async () => {
    expect((await ask('GET', '/stock')).body).toBe(10)
  })

  test('leave the handler\'s own exceptions alone', async () => {
    expect(await ask('GET', '/orders/broken/one')).toMatchObject({ status: 418, body: { message: 'their own' } })
  })
})

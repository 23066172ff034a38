import 'reflect-metadata'
import { Inject, Injectable, Module } from '@nestjs/common'
import { ModuleRef } from '@nestjs/core'
import { expect, test } from '@jest/globals'
import { Api, EventEmitter, Logger, Plugin, type PluginOptions } from '@mortise/sdk'
import { mayCall } from './may-call.js'

@Injectable()
class ByConstructor {
  constructor(readonly logger: Logger, readonly api: Api) {}
}
@Injectable()
class ByToken {
  constructor(@Inject(EventEmitter) readonly anything: object) {}
}
@Injectable()
class ByProperty {
  @Inject() readonly api!: Api
}
@Injectable()
class ByNest {
  constructor(readonly modules: ModuleRef) {}
}
@Injectable()
class Quiet {
  constructor(readonly logger: Logger) {}
}
@Module({})
class Imported {}

function pluginWith(options: Omit<PluginOptions, 'name'>) {
  class Sample {}
  Plugin({ name: 'sample', ...options })(Sample)
  return Sample
}

test.each<[string, Omit<PluginOptions, 'name'>]>([
  ['a constructor', { providers: [ByConstructor] }],
  ['a token', { controllers: [ByToken] }],
  ['a property', { providers: [{ provide: 'x', useClass: ByProperty }] }],
  ['a factory', { providers: [{ provide: 'x', useFactory: () => 1, inject: [Api] }] }],
  ['Nest itself', { providers: [ByNest] }],
  ['a module, perhaps,', { imports: [Imported] }],
])('a plugin that gets its API by %s may call', (_, options) => expect(mayCall(pluginWith(options))).toBe(true))

test('a plugin that asks for neither API nor events cannot', () => {
  expect(mayCall(pluginWith({ providers: [Quiet, { provide: 'x', useValue: 1 }] }))).toBe(false)
})

test('of what is no decorated plugin, nothing is known', () => {
  expect([mayCall(class {}), mayCall({}), mayCall(undefined)]).toEqual([true, true, true])
})

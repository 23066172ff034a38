import { Controller, createError, Get, Post, Put, type Request } from '@mortise/sdk'
import { securityPlaces } from '@app/security'
import type { Mappings } from '@app/storage'
import { Store } from '../ports/store.js'

type Collection = 'users' | 'profiles' | 'roles'

const COLLECTIONS: readonly string[] = ['users', 'profiles', 'roles']

/** What is declared about users, profiles and roles, so that they can be searched. */
@Controller('security', { global: true })
export class MappingsController {
  constructor(private readonly store: Store) {}

  @Get('/users/_mapping')
  getUserMapping(): Promise<object> { return this.#get('users') }

  @Get('/profiles/_mapping')
  getProfileMapping(): Promise<object> { return this.#get('profiles') }

  @Get('/roles/_mapping')
  getRoleMapping(): Promise<object> { return this.#get('roles') }

  @Put('/users/_mapping')
  updateUserMapping(request: Request): Promise<Mappings> { return this.#update('users', request) }

  @Put('/profiles/_mapping')
  updateProfileMapping(request: Request): Promise<Mappings> { return this.#update('profiles', request) }

  @Put('/roles/_mapping')
  updateRoleMapping(request: Request): Promise<Mappings> { return this.#update('roles', request) }

  /** What is written can be found at once: there is nothing to do. */
  @Post('/_security/:collection/_refresh')
  refresh(request: Request): null {
    if (!COLLECTIONS.includes(request.getCollection())) throw createError('api.assert.invalid_argument', 'collection', COLLECTIONS.join(', '))
    return null
  }

  async #get(collection: Collection): Promise<object> {
    return { mapping: (await this.store.getMapping(securityPlaces[collection])).properties }
  }

  #update(collection: Collection, request: Request): Promise<Mappings> {
    return this.store.updateMapping(securityPlaces[collection], request.getBody())
  }
}

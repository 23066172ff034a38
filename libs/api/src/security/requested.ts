import { createError, Request, type RequestData, type User } from '@mortise/sdk'
import { requireObject, type CredentialsByStrategy, type NewAccount, type Security } from '@app/security'
import type { SearchOptions } from '@app/storage'
import { present, type Entity } from './entity.js'

type Content = Record<string, unknown>

/** Whether a user may make the request that the body describes. */
export function checkRights(security: Security, request: Request, user: User): { allowed: boolean } {
  for (const name of ['controller', 'action']) request.getBodyString(name)
  return { allowed: security.allows(user, new Request(request.getBody() as RequestData)) }
}

/** The account that the body describes: `{content, credentials}`. */
export function readAccount(request: Request): NewAccount {
  const idForm = request.getString('kuid', 'human')
  if (idForm !== 'human' && idForm !== 'uuid') throw createError('api.assert.invalid_argument', 'kuid', '"human" or "uuid"')
  const content = request.getBodyObject<Content>('content', {})
  const credentials = request.getBodyObject<Content>('credentials', {}) as CredentialsByStrategy
  return { id: request.getId({ ifMissing: 'ignore' }), idForm, content, credentials }
}

/** The same for a user who is given profiles and may not choose them. @throws `api.assert.forbidden_argument` */
export function readAccountWithoutProfiles(request: Request): NewAccount {
  const account = readAccount(request)
  if (account.content.profileIds !== undefined) throw createError('api.assert.forbidden_argument', 'body.content.profileIds')
  return account
}

/** Which part of a search is wanted; as much as a request may read unless it says otherwise. */
export function readPage(request: Request, most: number): SearchOptions & { from: number; size: number } {
  return {
    from: request.getInteger('from', 0), size: request.getInteger('size', most), scroll: request.getScrollTTLParam(), lang: request.getLangParam(),
  }
}

export async function createApiKey({ services }: Security, request: Request, userId: string): Promise<Entity> {
  return services.apiKeys.create(userId, {
    id: request.getId({ ifMissing: 'ignore' }),
    description: request.getBodyString('description'),
    expiresIn: request.input.args.expiresIn,
    by: request.getKuid(),
  })
}

/** The query may be the whole body, or its `query`. */
export async function searchApiKeys({ services }: Security, request: Request, userId: string): Promise<{ hits: Entity[]; total: number }> {
  const body = requireObject(request.getBody({}), 'body')
  const query = body.query ?? (Object.keys(body).length > 0 ? body : undefined)
  const { hits, total } = await services.apiKeys.search(userId, query, readPage(request, 10))
  return { hits: hits.map(present), total }
}

import { Controller, Get, type Request } from '@mortise/sdk'
import { toYaml } from './to-yaml.js'
import { ApiDescription } from './api-description.js'
import type { ApiScope, DescribedAction } from './described-action.js'
import { pageHeaders } from './docs-page.js'
import { oneOf } from '../ports/one-of.js'

/** The API in words: for tools, and for people. */
@Controller('server', { global: true })
export class DescriptionController {
  constructor(private readonly description: ApiDescription) {}

  /** Every action with its routes and schemas, those without routes too: what `mortise types` reads. */
  @Get('/_actions')
  actions(request: Request): { actions: readonly DescribedAction[] } {
    return { actions: this.description.actions(scopeOf(request)) }
  }

  @Get('/_openapi')
  openapi(request: Request): object | string {
    return written(request, this.description.openApi(scopeOf(request)))
  }

  @Get('/_asyncapi')
  asyncapi(request: Request): object | string {
    const host = request.context.connection.misc.headers?.host
    return written(request, this.description.asyncApi(scopeOf(request), typeof host === 'string' ? host : 'localhost:7512'))
  }

  @Get('/docs')
  docs(request: Request): string {
    request.response.configure({ format: 'raw', headers: pageHeaders })
    return this.description.page
  }
}

function written(request: Request, description: object): object | string {
  const format = oneOf(request, 'format', ['json', 'yaml'])
  request.response.configure({ format: 'raw', headers: { 'Content-Type': `application/${format}` } })
  return format === 'json' ? description : toYaml(description)
}

const scopeOf = (request: Request): ApiScope => oneOf(request, 'scope', ['kuzzle', 'app', 'all'])

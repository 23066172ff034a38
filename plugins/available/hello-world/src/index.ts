import { Config, Controller, Get, Plugin, type Request } from '@mortise/sdk'
import { z } from 'zod'

const settings = z.object({ greeting: z.string().default('Hello') })

@Controller('hello')
export class HelloController {
  constructor(private readonly config: Config<z.output<typeof settings>>) {}

  /** Answers `GET /_/hello-world/hello/Ann` with "Hello Ann". */
  @Get()
  @Get('/:name')
  sayHello(request: Request) {
    return `${this.config.get('greeting')} ${request.getString('name', 'world')}`
  }
}

@Plugin({ name: 'hello-world', host: '^0.1.0', config: settings, controllers: [HelloController] })
export default class HelloWorld {}

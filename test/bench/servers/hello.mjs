import { Controller, Get, Pipe, Plugin } from '@mortise/sdk'

/** Applies decorators as the compiler would; this file is run as it is. */
const decorate = (target, key, ...decorators) => {
  for (const decorator of decorators.reverse()) decorator(target.prototype, key, Object.getOwnPropertyDescriptor(target.prototype, key))
}

class HelloController {
  async sayHello(request) {
    return `Hello ${request.input.args.name}`
  }
}
decorate(HelloController, 'sayHello', Get('/_/hello'))
Controller('hello', { global: true })(HelloController)

/** `hello:sayHello`, at `GET /_/hello`. */
export class hello {}
Plugin({ name: 'bench-hello', controllers: [HelloController] })(hello)

/** So many plugins with one asynchronous pipe each on the hello action. */
export function pipes(count) {
  return Array.from({ length: count }, (_, number) => {
    class Piped {
      async pass(request) {
        return request
      }
    }
    decorate(Piped, 'pass', Pipe('hello:beforeSayHello'))
    Plugin({ name: `bench-pipe-${number}` })(Piped)
    return Piped
  })
}

'use strict'

/** The hello plugin as plugins have been written since long before decorators: declarations on the instance, read after `init`. */
class ClassicHello {
  init(config, context) {
    this.context = context
    this.greeting = config.greeting ?? 'Hello'
    this.controllers = { hello: { sayHello: 'sayHello' } }
    this.routes = [
      { verb: 'get', path: '/hello', controller: 'hello', action: 'sayHello' },
      { verb: 'get', path: '/hello/:name', controller: 'hello', action: 'sayHello' },
    ]
    this.hooks = { 'document:afterDelete': 'onDelete' }
  }

  async sayHello(request) {
    return `${this.greeting} ${request.input.args.name ?? 'world'}`
  }

  onDelete(request, event) {
    this.context.log.info(`${event}: ${request.input.resource._id}`)
  }
}

module.exports = ClassicHello

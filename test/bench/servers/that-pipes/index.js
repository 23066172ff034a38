import { Pipe, Plugin } from '@mortise/sdk'

/** A pipe as most are: it adds a field to the body. */
export default class Pipes {
  stamp(request) {
    request.input.body.stampedAt = 1
    return request
  }
}
Pipe('document:beforeCreate')(Pipes.prototype, 'stamp', Object.getOwnPropertyDescriptor(Pipes.prototype, 'stamp'))
Plugin({ name: 'that-pipes' })(Pipes)

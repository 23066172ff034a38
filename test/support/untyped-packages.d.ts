/** Packages that bring no types: as much of them as tests use. */

declare module 'passport-local' {
  export const Strategy: import('@mortise/sdk').PassportStrategyClass
}

declare module 'passport-http' {
  export const BasicStrategy: import('@mortise/sdk').PassportStrategyClass
  export const DigestStrategy: new (options: object, secret: unknown, validate: unknown) => object
}

declare module 'passport-http-bearer' {
  export const Strategy: import('@mortise/sdk').PassportStrategyClass
}

declare module 'passport-jwt' {
  export const Strategy: import('@mortise/sdk').PassportStrategyClass
  export const ExtractJwt: { fromBodyField(name: string): unknown }
}

declare module 'passport-oauth2' {
  export const Strategy: import('@mortise/sdk').PassportStrategyClass
}

declare module 'passport-github2' {
  export const Strategy: import('@mortise/sdk').PassportStrategyClass
}

declare module 'oidc-provider' {
  export default class Provider {
    constructor(issuer: string, configuration: object)
    callback(): import('node:http').RequestListener
  }
}

declare module 'samlp' {
  const samlp: { auth(options: object): (request: object, response: object, next: (error: Error) => void) => void }
  export default samlp
}

declare module 'nodemailer' {
  interface Transporter { sendMail(mail: object): Promise<{ accepted: string[] }>; close(): void }
  export function createTransport(transport: string | object): Transporter
}

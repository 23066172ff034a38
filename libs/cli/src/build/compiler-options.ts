/** How TypeScript becomes JavaScript: what `build.mjs` does, which runs before any of this is built. A test keeps them alike. */
export const compilerOptions = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    target: 'es2023',
    keepClassNames: true,
  },
  module: { type: 'es6' },
} as const

import boundaries from 'eslint-plugin-boundaries'
import tseslint from 'typescript-eslint'
import floors from './test/house/floors.json' with { type: 'json' }

/** The rooms on the floors below one: what a room there may import. */
const below = (level) => floors.slice(0, level).flat()

const sizes = {
  'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
  complexity: ['error', 10],
  'max-depth': ['error', 3],
  'max-params': ['error', 4],
}

export default [
  { ignores: ['**/dist/', '**/node_modules/', 'test/fixtures/', 'plugins/enabled/', 'data/'] },
  {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser },
    plugins: { boundaries, '@typescript-eslint': tseslint.plugin },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    settings: {
      'import/resolver': { typescript: { project: 'tsconfig.json' } },
      'boundaries/elements': [
        ...floors.flat().map((room) => ({ type: room, pattern: `libs/${room}`, partialMatch: false })),
        { type: 'app', pattern: 'src', partialMatch: false },
        { type: 'guest', pattern: 'plugins/available/*', partialMatch: false },
      ],
    },
    rules: {
      ...sizes,
      'no-empty': 'error',
      'no-console': 'error',
      eqeqeq: 'error',
      'prefer-const': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'no-restricted-properties': ['error',
        { object: 'process', property: 'env', message: 'Only src reads the environment; take the value as an argument.' },
        { object: 'process', property: 'argv', message: 'Only src reads the command line; take the value as an argument.' }],
      'boundaries/dependencies': ['error', {
        default: 'disallow',
        policies: [
          ...floors.flatMap((floor, level) => floor.filter(() => level > 0).map((room) => ({
            from: { element: { type: room } },
            allow: { to: { element: { types: { anyOf: below(level) } } } },
          }))),
          { from: { element: { type: 'app' } }, allow: { to: { element: { types: { anyOf: floors.flat() } } } } },
          { from: { element: { type: 'guest' } }, allow: { to: { element: { type: 'sdk' } } } },
        ],
      }],
    },
  },
  { files: ['src/**/*.ts', 'test/**/*.ts', 'libs/cli/**/*.ts'], rules: { 'no-restricted-properties': 'off', 'no-console': 'off' } },
  { files: ['**/*.spec.ts', '**/*.e2e-spec.ts', '**/*.contract.ts', 'test/**/*.ts'], rules: { 'max-lines-per-function': 'off', 'max-lines': 'off' } },
]

import tseslint from 'typescript-eslint';

/** core decides from its arguments alone: no clock, no randomness, no process, no output. */
const IMPURE = [
  'console',
  'process',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'performance',
  'fetch',
  'crypto',
  'Buffer',
  'globalThis',
];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/generated/**', '.run/**', '**/*.js', '**/*.mjs', '**/*.cjs', 'web/vite.config.ts'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: [] }, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // Typed arrays in hot loops are indexed by construction; `!` says so where the compiler cannot know.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // noUncheckedIndexedAccess and external messages make honest checks look redundant to this rule.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['packages/core/src/**/*.ts'],
    ignores: ['packages/core/src/**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', ...IMPURE.map((name) => ({ name, message: 'core is pure: pass it as an argument.' }))],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'core is pure: pass a random source.' },
        { object: 'Date', property: 'now', message: 'core is pure: pass `now`.' },
      ],
    },
  },
);

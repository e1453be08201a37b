/** Unit tests sit beside the file they test; what crosses a process sits in tests/. */
export default {
  testEnvironment: 'node',
  roots: [
    '<rootDir>/packages',
    '<rootDir>/services',
    '<rootDir>/controllers',
    '<rootDir>/simulators',
    '<rootDir>/cli',
    '<rootDir>/web',
    '<rootDir>/tests',
    '<rootDir>/bench',
  ],
  testMatch: ['**/src/**/*.test.ts'],
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons', 'require', 'default'] },
  transform: {
    '^.+\\.(t|j)s$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }],
  },
  // ESM-only packages are transformed for Jest's CommonJS (Node 20).
  transformIgnorePatterns: ['/node_modules/(?!(cookie|content-disposition|typebox|@fastify|saxes|commander|toad-cache)/)'],
  modulePathIgnorePatterns: ['/dist/'],
};

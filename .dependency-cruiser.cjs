/** The direction of imports (docs/architecture.md). Nothing points out of core; only cli, bench and tests import a service, a controller or a simulator. */
const may = (from, ...to) => ({
  name: `${from.replace(/[^a-z]+/g, '-')}-imports`,
  comment: `${from} may import only: ${to.join(', ') || 'itself'}`,
  severity: 'error',
  from: { path: `^${from}/src`, pathNot: '\\.test\\.ts$|/testing/' },
  to: {
    path: '^(packages|services|controllers|simulators|cli|web|bench|tests)/',
    pathNot: [`^${from}/`, ...to.map((t) => `^${t}/`)].join('|'),
  },
});

const p = (name) => `packages/${name}`;

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'core-is-pure',
      comment: 'core imports only itself: no npm, no node:*',
      severity: 'error',
      from: { path: '^packages/core/src', pathNot: '\\.test\\.ts$|/testing/' },
      to: { pathNot: '^packages/core/src' },
    },
    {
      name: 'traci-knows-nothing-of-ours',
      severity: 'error',
      from: { path: '^packages/traci' },
      to: { path: '^(packages/(?!traci)|services|controllers|simulators|cli)' },
    },
    may(p('wire'), p('core')),
    may(p('platform'), p('core')),
    may(p('store'), p('core'), p('wire')),
    may(p('sumo-files'), p('core')),
    ...['detectors', 'optimizer', 'priority', 'studies', 'measures', 'connectors', 'gateway'].map((s) =>
      may(`services/${s}`, p('core'), p('wire'), p('platform'), p('store'), p('sumo-files')),
    ),
    may('controllers/agent', p('core'), p('wire'), p('platform'), 'controllers/drivers'),
    may('controllers/drivers', p('core'), p('wire'), p('platform'), p('traci'), p('sumo-files')),
    ...['micro', 'cabinet', 'sumo'].map((s) =>
      may(`simulators/${s}`, p('core'), p('wire'), p('platform'), p('store'), p('sumo-files'), p('traci')),
    ),
    may('web', p('wire')),
    {
      name: 'nobody-imports-the-top',
      severity: 'error',
      from: { pathNot: '^(cli|bench|tests)/' },
      to: { path: '^(cli|bench|tests)/' },
    },
    {
      name: 'redis-only-in-store',
      comment: 'the only code that knows a Redis key or a queue name',
      severity: 'error',
      from: { pathNot: '^packages/store/' },
      to: { path: 'node_modules/(redis|@redis|bullmq)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js'],
    },
  },
};

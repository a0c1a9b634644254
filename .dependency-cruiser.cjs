/**
 * The import rules. Every folder right below `src` is a room, and `rooms` says which other rooms each may import: whatever
 * is not listed is refused, and so is a folder that has no entry. An arrow never runs back: a room is listed below
 * everything that it imports.
 */
const rooms = {
  // Rules and plain data.
  domain: [],
  yaml: [],
  manifests: ['domain', 'yaml'],
  // For Prometheus: the registry and its text, what every process measures.
  metrics: [],
  // Spans, by OpenTelemetry's API.
  tracing: ['domain'],
  // Contracts that several rooms speak.
  'workflows/contract': ['domain'],
  http: ['domain', 'tracing'],
  // Of the operators' API: its table of routes, for server and client.
  operator: ['domain'],
  // Tokens that `api` signs and workers verify.
  capability: ['domain'],
  'temporal-server': ['domain', 'http', 'workflows/contract'],
  // Adapters: each knows one system.
  flux: ['domain', 'http'],
  git: ['domain', 'tracing'],
  providers: ['domain', 'http'],
  kubernetes: ['domain'],
  resources: ['domain', 'yaml', 'capability'],
  parsing: ['domain', 'yaml', 'manifests', 'resources'],
  temporal: ['domain', 'tracing', 'workflows/contract'],
  store: ['domain', 'capability', 'resources', 'parsing', 'kubernetes'],
  // Who calls the API, and what they may do.
  access: ['domain', 'resources', 'http', 'kubernetes', 'store'],
  'read-model': ['domain', 'workflows/contract', 'operator', 'temporal', 'store'],
  controller: ['domain', 'resources', 'kubernetes', 'store', 'temporal'],
  // What runs: requests, activities, workflows.
  api: [
    'domain',
    'tracing',
    'workflows/contract',
    'flux',
    'http',
    'metrics',
    'operator',
    'capability',
    'store',
    'temporal',
    'access',
    'read-model',
  ],
  // The commands for people: clients of the API, and of nothing else.
  cli: ['domain', 'operator', 'http'],
  activities: [
    'domain',
    'manifests',
    'parsing',
    'workflows/contract',
    'flux',
    'http',
    'git',
    'providers',
    'capability',
    'store',
    'controller',
    'temporal',
  ],
  // Of activities, types alone: see the rule `workflows-import-types-of-activities`.
  workflows: ['domain', 'workflows/contract', 'activities'],
  worker: ['domain', 'metrics', 'tracing', 'workflows/contract', 'temporal', 'workflows', 'activities'],
  config: ['domain', 'http'],
  program: [
    'domain',
    'tracing',
    'operator',
    'capability',
    'access',
    'read-model',
    'cli',
    'manifests',
    'metrics',
    'flux',
    'http',
    'git',
    'providers',
    'kubernetes',
    'resources',
    'parsing',
    'temporal',
    'temporal-server',
    'store',
    'controller',
    'api',
    'activities',
    'worker',
    'config',
  ],
};

const order = Object.keys(rooms);
for (const [room, allowed] of Object.entries(rooms)) {
  const back = allowed.find((other) => !(order.indexOf(other) < order.indexOf(room)) || !(other in rooms));
  if (back !== undefined)
    throw new Error(`.dependency-cruiser.cjs: ${room} -> ${back} runs back: list ${back} first`);
}

/** A room inside a room is left out of the outer one's paths. */
const pathOf = (room) => {
  const inner = Object.keys(rooms).filter((other) => other.startsWith(`${room}/`));
  const exceptInner = inner.map((other) => `(?!${other.slice(room.length + 1)}/)`).join('');
  return `^src/${room}/${exceptInner}`;
};

const roomRules = Object.entries(rooms).map(([room, allowed]) => ({
  name: `room-${room.replace('/', '-')}`,
  severity: 'error',
  from: { path: pathOf(room) },
  to: { path: '^src/', pathNot: [room, ...allowed].map(pathOf) },
}));

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    ...roomRules,
    {
      name: 'no-room-without-a-rule',
      severity: 'error',
      from: { path: '^src/', pathNot: Object.keys(rooms).map(pathOf) },
      to: {},
    },
    {
      name: 'workflows-import-types-of-activities',
      severity: 'error',
      from: { path: '^src/workflows/' },
      to: { path: '^src/activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      // The schema of a gate stands beside its rule, but is for whoever reads manifests.
      name: 'workflows-carry-no-schemas',
      severity: 'error',
      from: { path: '^src/workflows/' },
      to: { path: '^src/domain/gates/[^/]+-schema[.]ts$', reachable: true },
    },
    {
      // Time zone data differ between versions of Node: a replay would decide otherwise.
      name: 'workflows-read-no-calendar',
      severity: 'error',
      from: { path: '^src/workflows/' },
      to: { path: '^src/domain/windows/', pathNot: '/window[.]ts$', reachable: true },
    },
    ...Object.entries({ providers: ['rest'], store: [] }).map(([room, forAll]) => ({
      name: `${room}-never-import-each-other`,
      severity: 'error',
      from: { path: `^src/${room}/([^/]+)/` },
      to: { path: `^src/${room}/([^/]+)/`, pathNot: `^src/${room}/(${['$1', ...forAll].join('|')})/` },
    })),
    {
      // It knows the API by its document alone.
      name: 'dashboard-imports-nothing-of-the-program',
      severity: 'error',
      from: { path: '^dashboard/' },
      to: { path: '^(src|demo|test|bench|scripts)/' },
    },
    {
      // What two pages need stands in `components`, `api`, `session`, or a folder of its own.
      name: 'dashboard-pages-never-import-each-other',
      severity: 'error',
      from: { path: '^dashboard/src/(board|pipeline|promotion|activity|figures|login)/' },
      to: {
        path: '^dashboard/src/(board|pipeline|promotion|activity|figures|login)/',
        pathNot: '^dashboard/src/$1/',
      },
    },
    {
      name: 'src-never-imports-demo-or-test',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(demo|test|bench|scripts|dashboard)/' },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};

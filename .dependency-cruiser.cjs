/** The design's import rules: inwards only, adapters never know each other. */
const from = (path, pathNot) => (pathNot ? { path, pathNot } : { path });
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: from('^src/domain/'),
      to: { path: '^src/', pathNot: '^src/domain/' },
    },
    {
      name: 'manifests-are-pure',
      severity: 'error',
      from: from('^src/manifests/'),
      to: { path: '^src/', pathNot: '^src/(manifests|domain)/' },
    },
    {
      name: 'workflows-import-domain-and-activity-types',
      severity: 'error',
      from: from('^src/workflows/'),
      to: { path: '^src/', pathNot: '^src/(workflows|domain)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-types-come-from-activities-only',
      severity: 'error',
      from: from('^src/workflows/'),
      to: { path: '^src/', pathNot: '^src/(workflows|domain|activities)/' },
    },
    {
      name: 'api-never-acts',
      severity: 'error',
      from: from('^src/api/'),
      to: { path: '^src/(git|providers|activities|notifications|worker)/' },
    },
    {
      name: 'git-stands-alone',
      severity: 'error',
      from: from('^src/git/'),
      to: { path: '^src/', pathNot: '^src/(git|domain)/' },
    },
    {
      name: 'providers-stand-alone',
      severity: 'error',
      from: from('^src/providers/'),
      to: { path: '^src/', pathNot: '^src/(providers|domain|outbound)/' },
    },
    {
      name: 'a-provider-never-imports-another',
      severity: 'error',
      from: { path: '^src/providers/([^/]+)/' },
      to: { path: '^src/providers/([^/]+)/', pathNot: '^src/providers/$1/' },
    },
    {
      name: 'a-store-never-imports-another',
      severity: 'error',
      from: { path: '^src/store/([^/]+)/' },
      to: { path: '^src/store/([^/]+)/', pathNot: '^src/store/$1/' },
    },
    {
      name: 'src-never-imports-demo-or-test',
      severity: 'error',
      from: from('^src/'),
      to: { path: '^(demo|test|bench)/' },
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

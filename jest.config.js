/** One project per kind of test; `npm run test:unit` needs neither a server nor a build. */
const { satisfies } = require('semver');
const { engines } = require('./package.json');

if (!satisfies(process.versions.node, engines.node)) {
  throw new Error(
    `Node ${process.versions.node} is not one that Windlass runs on (${engines.node}). ` +
      'Use `npm run jest -- ...` instead of `npx jest ...`, or run `. ./scripts/use-node.sh` first.',
  );
}

const base = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.(t|j|mj)sx?$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  // Several dependencies are published as ES modules only; jest loads them once they are transformed.
  transformIgnorePatterns: [],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};

const project = (displayName, extra = {}) => ({
  ...base,
  displayName,
  testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
  ...extra,
});

const withTemporal = {
  globalSetup: '<rootDir>/test/support/temporal-global-setup.ts',
  globalTeardown: '<rootDir>/test/support/temporal-global-teardown.ts',
};

module.exports = {
  projects: [
    project('unit'),
    project('contract'),
    project('workflows', withTemporal),
    project('replay'),
    project('upgrade', withTemporal),
    project('e2e', withTemporal),
  ],
  testTimeout: 60_000,
  // They wait for servers more than they compute; jest's own default leaves a core without tests.
  maxWorkers: '100%',
  reporters: ['default', '<rootDir>/test/support/results-file-reporter.js'],
};

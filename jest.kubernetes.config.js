/** Tests on a real Kubernetes API server, some with Temporal and Flux besides: `npm run test:kubernetes`. */
const { projects, ...rest } = require('./jest.config.js');

const e2e = projects.find(({ displayName }) => displayName === 'e2e');

module.exports = {
  ...rest,
  projects: [{ ...e2e, displayName: 'kubernetes', testMatch: ['<rootDir>/test/kubernetes/**/*.test.ts'] }],
  testTimeout: 120_000,
  // Each file has servers of its own: two at once are slower than one after the other.
  maxWorkers: 1,
};

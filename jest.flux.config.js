/** The whole loop with every controller of Flux: `npm run test:flux`. What a merge has to pass of it is in test/flux/core. */
const { projects, ...rest } = require('./jest.config.js');

const e2e = projects.find(({ displayName }) => displayName === 'e2e');

module.exports = {
  ...rest,
  projects: [{ ...e2e, displayName: 'flux', testMatch: ['<rootDir>/test/flux/**/*.test.ts'] }],
  testTimeout: 300_000,
  // Each file has a lab of its own, which is enough for two cores.
  maxWorkers: 1,
};

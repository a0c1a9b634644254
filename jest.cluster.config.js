/** Several api and worker processes beside Temporal on PostgreSQL: `npm run test:cluster`. */
const { projects, ...rest } = require('./jest.config.js');

const contract = projects.find(({ displayName }) => displayName === 'contract');

module.exports = {
  ...rest,
  // Without the embedded server of the other tiers.
  projects: [{ ...contract, displayName: 'cluster', testMatch: ['<rootDir>/test/cluster/**/*.test.ts'] }],
  testTimeout: 240_000,
  maxWorkers: 1,
};

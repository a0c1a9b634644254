/** Tests of the Helm chart, on a real API server too: `npm run test:chart`. */
const { projects, ...rest } = require('./jest.config.js');

const contract = projects.find(({ displayName }) => displayName === 'contract');

module.exports = {
  ...rest,
  projects: [{ ...contract, displayName: 'chart', testMatch: ['<rootDir>/test/chart/**/*.test.ts'] }],
  testTimeout: 120_000,
};

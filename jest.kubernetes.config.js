/** Tests on a real Kubernetes API server: `npm run test:kubernetes`. */
const { projects, ...rest } = require('./jest.config.js');

const contract = projects.find(({ displayName }) => displayName === 'contract');

module.exports = {
  ...rest,
  projects: [
    { ...contract, displayName: 'kubernetes', testMatch: ['<rootDir>/test/kubernetes/**/*.test.ts'] },
  ],
  testTimeout: 120_000,
  // Each file has servers of its own: two at once are slower than one after the other.
  maxWorkers: 1,
};

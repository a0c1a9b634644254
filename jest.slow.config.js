/** Tests that take minutes: `npm run test:slow`. One at a time, so that none is slowed down by another. */
const { projects, ...rest } = require('./jest.config.js');

const e2e = projects.find(({ displayName }) => displayName === 'e2e');

module.exports = {
  ...rest,
  projects: [{ ...e2e, displayName: 'slow', testMatch: ['<rootDir>/test/slow/**/*.test.ts'] }],
  testTimeout: 600_000,
  maxWorkers: 1,
};

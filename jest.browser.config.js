/** Tests that look at pages with a real Chromium: `npm run test:browser`. */
const { projects, ...rest } = require('./jest.config.js');

const e2e = projects.find(({ displayName }) => displayName === 'e2e');

module.exports = {
  ...rest,
  projects: [{ ...e2e, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.test.ts'] }],
  testTimeout: 180_000,
  maxWorkers: 1,
};

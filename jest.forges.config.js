/** Tests on a real Git service, one Gitea for all of them: `npm run test:forges`. */
const { projects, ...rest } = require('./jest.config.js');

const contract = projects.find(({ displayName }) => displayName === 'contract');

module.exports = {
  ...rest,
  projects: [
    {
      ...contract,
      displayName: 'forges',
      testMatch: ['<rootDir>/test/forges/**/*.test.ts'],
      globalSetup: '<rootDir>/test/support/gitea/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/gitea/global-teardown.ts',
    },
  ],
  testTimeout: 120_000,
};

/** Tests on a real Git service, Gitea: `npm run test:forges`. */
const { projects, ...rest } = require('./jest.config.js');

const contract = projects.find(({ displayName }) => displayName === 'contract');

module.exports = {
  ...rest,
  projects: [{ ...contract, displayName: 'forges', testMatch: ['<rootDir>/test/forges/**/*.test.ts'] }],
  testTimeout: 120_000,
};

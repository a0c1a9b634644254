import { profileVariable, serverVariable, tokenVariable } from '../../../src/cli/access/choose-access';
import { environmentVariable } from '../../../src/config/setting';
import { settings } from '../../../src/config/settings';
import { pages } from './pages';

it('no page names a variable of ours that nothing reads', () => {
  const known = new Set([
    ...Object.values(settings).map(environmentVariable),
    serverVariable,
    tokenVariable,
    profileVariable,
    'WINDLASS_TEMPORAL_CLI',
    'WINDLASS_HMAC_KEY',
    // Says where the browser tests find their browser.
    'WINDLASS_CHROMIUM',
    // Says which Node the npm scripts run on.
    'WINDLASS_NODE',
    // Says where docker-compose.yml finds the Pipelines.
    'WINDLASS_PIPELINES',
  ]);
  const unknown = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/\bWINDLASS_[A-Z_]+[A-Z]\b/g)]
      .filter(([name]) => !known.has(name))
      .map(([name]) => `${path}: ${name}`),
  );
  expect(unknown).toEqual([]);
});

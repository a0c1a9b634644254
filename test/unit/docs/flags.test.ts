import { environmentVariable, settings } from '../../../src/config/settings';
import { page, pages, tableBelow } from './pages';

const all = Object.values(settings);

it('the table of flags holds every setting with its value, default and meaning, and nothing else', () => {
  const documented = tableBelow(page('docs/reference/flags.md'), 'Flags').map(
    ([flag, value, fallback, , what]) => [flag, value, fallback, what],
  );
  const expected = all.map((setting) => [
    `--${setting.flag}`,
    setting.argument,
    'default' in setting ? setting.default : '',
    setting.description,
  ]);
  expect(documented).toEqual(expected);
});

it('every kind of value that a flag takes is explained, or lists its values itself', () => {
  const explained = tableBelow(page('docs/reference/flags.md'), 'Values').flatMap(([kinds = '']) =>
    kinds.split(', '),
  );
  const selfExplaining = ['level', 'encoding', 'directory'];
  const kinds = new Set<string>(all.map(({ argument }) => argument));
  expect([...explained, ...selfExplaining].sort()).toEqual([...kinds].sort());
});

it('no page names a variable of ours that nothing reads', () => {
  const known = new Set([
    ...all.map(environmentVariable),
    'WINDLASS_TEMPORAL_CLI',
    'WINDLASS_HMAC_KEY',
    // Says where the browser tests find their browser.
    'WINDLASS_CHROMIUM',
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

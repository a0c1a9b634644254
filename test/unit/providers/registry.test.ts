import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { providerTypes } from '../../../src/domain/pipeline/pipeline';
import { providers } from '../../../src/providers/registry';

/** Beside the providers' folders, `rest` holds the client that they share. */
const folders = readdirSync(join(__dirname, '../../../src/providers'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'rest')
  .map(({ name }) => name);

describe('the registry of providers', () => {
  it('has one entry a folder, for each type that a Pipeline can name', () => {
    expect(Object.keys(providers).sort()).toEqual(folders.sort());
    expect(folders.sort()).toEqual([...providerTypes].sort());
  });

  it.each(folders)(
    'knows %s by the name of its folder, and its readme says what is unsupported',
    (folder) => {
      expect(providers[folder as keyof typeof providers].type).toBe(folder);
      expect(readdirSync(join(__dirname, '../../../src/providers', folder))).toContain('readme.md');
    },
  );

  it.each(folders)('is tried with what %s was recorded to answer', (folder) => {
    const records = join(__dirname, '../../contract/providers/recorded-answers');
    expect(readdirSync(records)).toContain(`${folder}.json`);
  });
});

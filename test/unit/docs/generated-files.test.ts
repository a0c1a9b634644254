import { committed, generators } from '../../../scripts/generate';

describe('a file made from a table in the source', () => {
  const files = Object.values(generators).flatMap((generate) => generate(committed));

  it.each(files)('is as npm run generate writes it: $path', ({ path, text }) => {
    expect(committed(path)).toBe(text);
  });
});

import { committed, generators } from '../../../scripts/generate';

const files = Object.entries(generators).flatMap(([source, generate]) =>
  generate(committed).map(({ path, text }) => ({ path, source, text })),
);

// When this fails: npm run generate.
it.each(files)('$path is what $source says', ({ path, text }) => {
  expect(committed(path)).toBe(text);
});

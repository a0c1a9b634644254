import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { page } from '../unit/docs/pages';
import { chart } from './helm';
import { valueLeaves } from '../../scripts/generate/value-leaves';

const values = valueLeaves(parse(readFileSync(path.join(chart, 'values.yaml'), 'utf8')));

/** Rows of all tables of the page: value, default, meaning. */
const rows = page('docs/kubernetes/values.md')
  .text.split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
  .map(([, name = '', fallback = '']) => [name, fallback] as const);

describe('the page of values', () => {
  it('explains each value of the chart, and no other', () => {
    expect(rows.map(([name]) => name)).toEqual(values.map(([name]) => name));
  });

  it.each(rows)('says the default of %s', (name, written) => {
    const [, fallback] = values.find(([known]) => known === name)!;
    const shown =
      fallback === '' || fallback === null
        ? ''
        : typeof fallback === 'string'
          ? fallback
          : JSON.stringify(fallback);
    expect(written).toBe(shown);
  });
});

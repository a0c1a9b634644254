import { registerFreezeMetrics } from '../../../src/api/freeze-metrics';
import { type Freeze } from '../../../src/domain/freezes/freeze';
import { expose } from '../../../src/metrics/exposition';
import { createRegistry } from '../../../src/metrics/registry';
import { noon } from '../../support/events';

const pipelines = ['apps', 'apps', 'more'].map((namespace, n) => ({
  valid: false as const,
  pipeline: { namespace, name: `p${n}` },
  fault: '',
}));
const freeze = (namespace: string, name: string, more: Partial<Freeze> = {}): Freeze => ({
  namespace,
  name,
  reason: 'x',
  ...more,
});

async function scrape(freezes: (namespace: string) => Promise<readonly Freeze[]>): Promise<string> {
  const registry = createRegistry();
  registerFreezeMetrics(registry, { list: () => pipelines, freezes }, () => noon);
  return expose(registry, 'text');
}

it('counts what is in force, each freeze once', async () => {
  const all = freeze('windlass', 'holidays', { allNamespaces: true, until: noon + 1 });
  const text = await scrape((namespace) =>
    Promise.resolve([
      all,
      ...(namespace === 'apps'
        ? [
            freeze('apps', 'forgotten'),
            freeze('apps', 'over', { until: noon }),
            freeze('apps', 'planned', { from: noon + 1 }),
          ]
        : [freeze('more', 'stopped', { suspends: true })]),
    ]),
  );
  expect(text).toContain('windlass_freezes_in_force{kind="freeze",end="set"} 1\n');
  expect(text).toContain('windlass_freezes_in_force{kind="freeze",end="open"} 1\n');
  expect(text).toContain('windlass_freezes_in_force{kind="suspension",end="open"} 1\n');
  expect(text).toContain('windlass_freezes_in_force{kind="suspension",end="set"} 0\n');
});

it('says that it does not know while the store is not read, and fails no scrape', async () => {
  const text = await scrape(() => Promise.reject(new Error('not read yet')));
  expect(text).toContain('windlass_freezes_in_force{kind="freeze",end="open"} NaN\n');
});

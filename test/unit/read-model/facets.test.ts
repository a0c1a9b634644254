import { type PipelineSummary } from '../../../src/operator/schemas/pipelines';
import { facetsOf } from '../../../src/read-model/facets';

function summary(
  place: string,
  labels: Readonly<Record<string, string>> = {},
  environments: readonly string[] = ['dev', 'prod'],
): PipelineSummary {
  const [namespace = '', name = ''] = place.split('/');
  return {
    ...{ namespace, name, labels: { ...labels }, valid: true, suspended: false },
    environments: environments.map((each) => ({
      name: each,
      running: [],
      sentence: '',
      queued: [],
      held: [],
    })),
  };
}

it('names namespaces, labels that group Pipelines, and environments in their order', () => {
  const found = facetsOf([
    summary('web/site', { team: 'b', app: 'site' }),
    summary('apps/shop', { team: 'a', app: 'shop' }, ['dev', 'staging', 'prod']),
    summary('apps/till', { team: 'a', app: 'till' }),
  ]);
  expect(found).toEqual({
    namespaces: ['apps', 'web'],
    environments: ['dev', 'staging', 'prod'],
    labels: { team: ['a', 'b'] },
    complete: true,
  });
});

it('says that there is more than it names', () => {
  const many = Array.from({ length: 1_001 }, (_, n) => summary(`ns-${n}/shop`));
  const { namespaces, complete } = facetsOf(many);
  expect([namespaces.length, complete]).toEqual([1_000, false]);
});

it('of nothing, there is nothing', () => {
  expect(facetsOf([])).toEqual({ namespaces: [], environments: [], labels: {}, complete: true });
});

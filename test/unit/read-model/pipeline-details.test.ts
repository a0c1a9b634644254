import { type Freeze } from '../../../src/domain/freezes/freeze';
import { pipelineDetails } from '../../../src/read-model/pipeline-details';
import { pipeline as example } from '../../support/operator-examples';
import { samplePipeline } from '../../support/sample-pipeline';

const { freezes: _freezes, asOf, workers, application: _application, ...summary } = example;
const environments = samplePipeline.environments.map(({ name }) => ({
  ...{ name, running: [], sentence: '', queued: [], held: [] },
}));

const details = (...freezes: readonly Freeze[]) =>
  pipelineDetails({
    listed: { valid: true, pipeline: samplePipeline },
    summary: { ...summary, environments },
    freshness: { asOf, workers },
    freezes,
    states: new Map(),
    now: 0,
  });
const freeze = (name: string, more: Partial<Freeze> = {}): Freeze => ({
  ...{ namespace: samplePipeline.namespace, name, reason: 'fair' },
  ...more,
});

it('says of each environment which Freezes hold it, and none that suspend', () => {
  const {
    freezes,
    suspended,
    environments: shown,
  } = details(
    freeze('fair', { environments: ['prod'] }),
    freeze('move'),
    freeze('later', { from: 1 }),
    freeze('windlass-1', { environments: ['staging'], suspends: true }),
  );
  expect(freezes).toEqual(['pipelines/fair', 'pipelines/move']);
  expect(suspended).toBe(false);
  expect(shown.map((each) => [each.name, each.freezes, each.suspended])).toEqual([
    ['dev', ['pipelines/move'], false],
    ['staging', ['pipelines/move'], true],
    ['prod', ['pipelines/fair', 'pipelines/move'], false],
  ]);
});

it('a suspension of the whole Pipeline is none of its environments alone', () => {
  const { suspended, environments: shown } = details(freeze('windlass-1', { suspends: true }));
  expect([suspended, ...shown.map((each) => each.suspended)]).toEqual([true, false, false, false]);
});

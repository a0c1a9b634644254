import { ChangeFeed } from '../../../src/read-model/change-feed';
import { JoinedPipelines } from '../../../src/read-model/joined-pipelines';
import { type Pipeline } from '../../../src/domain/pipeline/pipeline';
import { laneViewOf, waiting } from '../../support/lane-views';
import { samplePipeline } from '../../support/sample-pipeline';

const shop: Pipeline = { ...samplePipeline, namespace: 'apps', name: 'shop' };
const listed = (pipeline: Pipeline) => ({ valid: true, pipeline }) as const;

function joined() {
  const changes = new ChangeFeed('test');
  const pipelines = new JoinedPipelines(changes);
  pipelines.putPipelines([listed(shop)]);
  const mark = changes.last;
  const since = () =>
    (changes.since(changes.idOf(mark)) ?? []).map(({ event, data }) => ({
      event,
      data: JSON.parse(data) as unknown,
    }));
  return { pipelines, since };
}

it('shows a Pipeline without lanes, and each environment as its lane has it', () => {
  const { pipelines, since } = joined();
  expect(pipelines.get(shop)?.summary.environments.map(({ sentence }) => sentence)).toEqual([
    'dev is the first environment: versions begin there',
    'staging: nothing was promoted into it yet',
    'prod: nothing was promoted into it yet',
  ]);
  pipelines.putLanes([laneViewOf({ acting: waiting('1.1.0') })]);
  expect(since()).toMatchObject([
    {
      event: 'environment',
      data: { pipeline: 'shop', environment: { name: 'prod', acting: { version: '1.1.0' } } },
    },
  ]);
});

it('knows what an environment runs by its own lane and by the next one, each object once', () => {
  const { pipelines } = joined();
  const at = (version: string, object: string, time: number) => ({ version, object, at: time });
  pipelines.putLanes([
    laneViewOf({ source: [at('1.1.0', 'real/a', 20), at('1.0.0', 'real/b', 5)] }),
    laneViewOf({ environment: 'staging', running: [at('1.0.0', 'real/a', 10), at('1.1.0', 'real/b', 30)] }),
  ]);
  expect(pipelines.get(shop)?.summary.environments[1]).toMatchObject({
    version: '1.1.0',
    running: [
      { object: 'real/a', version: '1.1.0' },
      { object: 'real/b', version: '1.1.0' },
    ],
  });
});

it('an older view does not take the place of a newer one, and the same one is no change', () => {
  const { pipelines, since } = joined();
  pipelines.putLanes([laneViewOf({ sentence: 'new', changedAt: 2_000 })]);
  const before = since().length;
  pipelines.putLanes([laneViewOf({ sentence: 'old', changedAt: 1_000 })]);
  pipelines.putLanes([laneViewOf({ sentence: 'new', changedAt: 2_000 })]);
  expect(since()).toHaveLength(before);
  expect(pipelines.get(shop)?.summary.environments[2]?.sentence).toBe('new');
});

it('a lane that no longer runs is dropped, and a Pipeline that is gone is told', () => {
  const { pipelines, since } = joined();
  pipelines.putLanes([laneViewOf({ acting: waiting('1.1.0') })]);
  pipelines.keepLanes(() => false);
  expect(pipelines.get(shop)?.summary.environments[2]?.acting).toBeUndefined();
  pipelines.putPipelines([]);
  expect(since().at(-1)).toEqual({ event: 'removed', data: { namespace: 'apps', pipeline: 'shop' } });
});

it('shows an invalid Pipeline with its fault, and the environments that its lanes know', () => {
  const { pipelines } = joined();
  pipelines.putLanes([laneViewOf({ sentence: 'prod waits' })]);
  pipelines.putPipelines([{ valid: false, pipeline: shop, fault: 'spec.environments: must be a list' }]);
  expect(pipelines.get(shop)?.summary).toMatchObject({
    valid: false,
    fault: 'spec.environments: must be a list',
    environments: [{ name: 'prod', sentence: 'prod waits' }],
  });
});

import { ApplicationFailure, asyncLocalStorage, type Context } from '@temporalio/activity';
import { pino } from 'pino';
import { classifyFailures } from '../../../src/activities/classify-failures';
import { GatesClosed } from '../../../src/activities/gates-closed';
import { requireNothingHolds, requireOpenGates } from '../../../src/activities/require-open-gates';
import { WindlassError } from '../../../src/domain/errors';
import { type Freeze } from '../../../src/domain/freezes/freeze';
import { type Pipeline } from '../../../src/domain/pipeline/pipeline';
import { type PromotionTask } from '../../../src/domain/promotion/promotion';
import { gatesClosed } from '../../../src/workflows/contract/messages';
import { deployment } from '../../support/events';
import { memoryStore } from '../../support/memory-store';
import { samplePipeline } from '../../support/sample-pipeline';

const task: PromotionTask = {
  action: 'promote',
  pipeline: samplePipeline,
  from: 'dev',
  to: 'staging',
  version: '1.1.0',
  event: deployment({ version: '1.1.0', pipeline: samplePipeline }),
};
const freeze: Freeze = { namespace: samplePipeline.namespace, name: 'holidays', reason: 'Holidays' };

it('lets an attempt begin before the gates close, or where they do not', () => {
  expect(() => requireOpenGates(Date.now() + 60_000)).not.toThrow();
  expect(() => requireOpenGates(undefined)).not.toThrow();
});

it('ends one that begins later', () => {
  expect(() => requireOpenGates(Date.now())).toThrow(GatesClosed);
});

it('is for good, and no failure: the promotion has to pass its gates again', async () => {
  const { execute } = classifyFailures(pino({ level: 'silent' }));
  const context = { info: {}, cancellationSignal: new AbortController().signal } as unknown as Context;
  const attempt = asyncLocalStorage.run(context, () =>
    execute!({ args: [], headers: {} }, () => Promise.reject(new GatesClosed('They closed.'))),
  );
  const failure: unknown = await attempt.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(failure).toMatchObject({
    type: gatesClosed,
    nonRetryable: true,
    category: 'BENIGN',
    message: 'They closed.',
  });
});

describe('right before a promotion acts', () => {
  const withSuspended = (name: string): Pipeline => ({
    ...samplePipeline,
    environments: samplePipeline.environments.map((each) => ({ ...each, suspended: each.name === name })),
  });
  const look = (pipeline: Pipeline, freezes: readonly Freeze[] = [], of = task) =>
    requireNothingHolds(memoryStore([pipeline], {}, freezes), of);

  it('nothing holds it that has nothing to do with it', async () => {
    await expect(look(samplePipeline)).resolves.toBeUndefined();
    await expect(look(withSuspended('dev'))).resolves.toBeUndefined();
    await expect(look(samplePipeline, [{ ...freeze, environments: ['prod'] }])).resolves.toBeUndefined();
    await expect(look(samplePipeline, [{ ...freeze, from: Date.now() + 60_000 }])).resolves.toBeUndefined();
  });

  it.each<readonly [string, Pipeline, readonly Freeze[], string]>([
    ['its Pipeline is suspended', { ...samplePipeline, suspended: true }, [], 'suspended'],
    ['its environment is suspended', withSuspended('staging'), [], 'suspended'],
    ['a freeze holds it', samplePipeline, [freeze], 'frozen'],
    ['a person suspended it by the API', samplePipeline, [{ ...freeze, suspends: true }], 'suspended'],
    ['all of that', { ...samplePipeline, suspended: true }, [freeze], 'suspended, frozen'],
  ])('is stopped where %s', async (_, pipeline, freezes, said) => {
    await expect(look(pipeline, freezes)).rejects.toMatchObject({
      name: 'GatesClosed',
      message: `The gates closed before the attempt acted (${said}): it did nothing.`,
    });
  });

  it('gates that a person opened for it stay open, and no others', async () => {
    const opened = { ...task, overridden: [{ gates: ['freeze'], by: 'alice', reason: 'Fix', at: 0 }] };
    await expect(look(samplePipeline, [freeze], opened)).resolves.toBeUndefined();
    await expect(look({ ...samplePipeline, suspended: true }, [freeze], opened)).rejects.toThrow(
      '(suspended)',
    );
  });

  it('a withdrawal is not held by a freeze, but by a suspension', async () => {
    const withdrawal: PromotionTask = { ...task, action: 'withdraw' };
    await expect(look(samplePipeline, [freeze], withdrawal)).resolves.toBeUndefined();
    await expect(look(samplePipeline, [{ ...freeze, suspends: true }], withdrawal)).rejects.toThrow(
      '(suspended)',
    );
  });

  it('waits while its Pipeline is invalid', async () => {
    const invalid = new WindlassError('invalid-pipeline', 'The Pipeline pipelines/my-app is invalid: x.');
    const store = { ...memoryStore([]), pipeline: () => Promise.reject(invalid) };
    await expect(requireNothingHolds(store, task)).rejects.toBeInstanceOf(GatesClosed);
  });

  it('does not act while freezes are not known', async () => {
    const unknown = new WindlassError('store-unavailable', 'The Freezes cannot be read.');
    const store = { ...memoryStore([samplePipeline]), freezes: () => Promise.reject(unknown) };
    await expect(requireNothingHolds(store, task)).rejects.toBe(unknown);
  });

  it('that it is gone is for others to say', async () => {
    await expect(requireNothingHolds(memoryStore([]), task)).resolves.toBeUndefined();
  });
});

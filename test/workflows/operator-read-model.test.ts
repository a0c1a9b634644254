/** The read model and the acts over a real Temporal server. */
import { pino } from 'pino';
import { type Resolution } from '../../src/activities/promotion-activities';
import { openReadModel, type ReadModel } from '../../src/read-model/read-model';
import { createLaneListing } from '../../src/temporal/listed-lanes';
import {
  ActRefused,
  createOperatorActs,
  NoWorkerAnswers,
  type OperatorActs,
} from '../../src/temporal/operator-acts';
import { createPromotionReader } from '../../src/temporal/promotion-reader';
import { laneId, promotionId } from '../../src/workflows/contract/ids';
import { type LaneAct } from '../../src/domain/lane/lane-act';
import { readShownGates } from '../../src/read-model/shown-gates-schema';
import { reconsiderSignal } from '../../src/workflows/contract/messages';
import { deployment, pipelineRef } from '../support/events';
import { eventually } from '../support/eventually';
import { memoryStore } from '../support/memory-store';
import { samplePipeline } from '../support/sample-pipeline';
import { createWorkflowEnvironment, type WorkflowEnvironment } from '../support/workflow-environment';

const manual: Resolution = {
  status: 'ready',
  strategy: 'pull-request',
  manual: true,
  application: 'shop',
  retry: { delayMs: 10, maxDelayMs: 40, threshold: 2 },
};

let environment: WorkflowEnvironment;
let model: ReadModel;
let acts: OperatorActs;

beforeAll(async () => {
  environment = await createWorkflowEnvironment();
  acts = createOperatorActs(environment.client);
  model = openReadModel({
    store: memoryStore([{ ...samplePipeline, ...pipelineRef }]),
    lanes: createLaneListing(environment.client),
    log: pino({ level: 'silent' }),
  });
  await eventually(() => model.freshness().workers === 'silent');
}, 60_000);
afterAll(async () => {
  await model.close();
  await environment.close();
});

const staging = () => model.pipeline(pipelineRef)?.summary.environments[1];

const promote = (version: string, key: string): LaneAct => ({
  kind: 'promote',
  version,
  actor: { name: 'token:ada', via: 'token' },
  at: Date.now(),
  key: key.padEnd(32, '0'),
  source: 'dev',
});

it('without a worker, nothing is known of a lane, and an act says that no worker answers', async () => {
  await environment.report(deployment({ version: '1.1.0', release: 2 }));
  const refused: unknown = await acts.laneState(pipelineRef, 'staging').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(NoWorkerAnswers);
  expect(staging()?.acting).toBeUndefined();
}, 30_000);

it('shows what a lane waits for as soon as a worker has worked on it, and what an act changes', async () => {
  await environment.withWorker({ resolvePromotion: () => Promise.resolve(manual) }, async () => {
    await eventually(() => model.freshness().workers === 'answering');
    await eventually(() => {
      expect(staging()?.acting).toMatchObject({ version: '1.1.0', state: 'waiting-for-approval' });
    });
    const act = promote('1.2.0', 'a');
    const first = await acts.act(pipelineRef, 'staging', act, true);
    const again = await acts.act(pipelineRef, 'staging', act, true);
    expect(again?.said).toBe(first?.said);
    await eventually(() => {
      expect(staging()?.acting).toMatchObject({ version: '1.2.0' });
    });
    const records = (await acts.records(pipelineRef, 'staging')) ?? [];
    expect(records.find(({ kind }) => kind === 'promote-requested')).toMatchObject({
      by: 'token:ada',
      version: '1.2.0',
    });
  });
}, 60_000);

it('an act can start a lane that does not exist; others are not answered', async () => {
  await environment.withWorker({ resolvePromotion: () => Promise.resolve(manual) }, async () => {
    expect(
      await acts.act(pipelineRef, 'prod', { ...promote('1.0.0', 'b'), kind: 'rollback' }, false),
    ).toBeUndefined();
    expect(
      await acts.act(pipelineRef, 'prod', { ...promote('1.0.0', 'c'), source: 'staging' }, true),
    ).toMatchObject({
      said: expect.stringContaining('1.0.0'),
    });
    await eventually(() => {
      expect(model.lane(pipelineRef, 'prod')?.acting).toMatchObject({ version: '1.0.0' });
    });
  });
}, 60_000);

it('lists promotions by their attributes, a page after the other', async () => {
  const promotions = createPromotionReader(environment.client);
  const seen: string[] = [];
  let page: string | undefined;
  do {
    const found = await promotions.list({ pipeline: pipelineRef, environment: 'staging' }, 1, page);
    seen.push(...found.items.map(({ workflowId }) => workflowId));
    page = found.next;
  } while (page !== undefined);
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBeGreaterThanOrEqual(2);
  const [one] = (await promotions.list({ version: '1.2.0', environment: 'staging' }, 10)).items;
  expect(one).toMatchObject({ ended: false, task: { version: '1.2.0', to: 'staging' } });
  expect((await promotions.list({ version: `2.0.0'"\\` }, 10)).items).toEqual([]);
  expect(await promotions.get('promotion/apps/shop/staging/0/0')).toBeUndefined();
}, 60_000);

it('a worker answers for a lane, and one that has ended does not', async () => {
  const listing = createLaneListing(environment.client);
  const lane = laneId(pipelineRef, 'staging');
  await environment.withWorker({}, async () => {
    expect([await listing.answers(lane), await listing.answers('lane/apps/no/prod')]).toEqual([
      true,
      undefined,
    ]);
  });
  expect(await listing.answers(lane)).toBe(false);
}, 30_000);

it('a lane without a memo, of an older build, is asked for its state', async () => {
  const listing = createLaneListing(environment.client);
  await environment.withWorker({}, async () => {
    const state = await eventually(() => listing.state(laneId(pipelineRef, 'staging')));
    expect(state).toMatchObject({ environment: 'staging' });
  });
}, 30_000);

it('a decision about a promotion that has ended is refused with a sentence', async () => {
  const decision = { version: '9.9.9', by: 'token:ada' };
  const refused: unknown = await acts
    .reject('promotion/apps/shop/staging/9.9.9/000000000000', decision, 'd'.repeat(32))
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ActRefused);
  expect(refused).toMatchObject({ message: 'This promotion has ended.' });
});

it('says what a promotion answered to an update before, also when it has ended', async () => {
  await environment.withWorker({ resolvePromotion: () => Promise.resolve(manual) }, async () => {
    const state = await acts.laneState(pipelineRef, 'staging');
    const { version = '', event } = state?.inHand ?? {};
    const promotion = promotionId(pipelineRef, 'staging', version, event?.identity ?? '');
    const approval = { version, by: 'token:ada', via: 'token' } as const;
    expect(await acts.taken(promotion, 'k-manual')).toBeUndefined();
    await acts.approveManual(promotion, approval, 'k-manual');
    const { workflow } = environment.client;
    // It may have ended by itself.
    await workflow
      .getHandle(promotion)
      .terminate()
      .catch(() => undefined);
    expect(await acts.taken(promotion, 'k-manual')).toBeDefined();
    expect(await acts.taken(promotion, 'other')).toBeUndefined();
    expect(await acts.taken('promotion/apps/shop/staging/0/0', 'k-manual')).toBeUndefined();
  });
}, 60_000);

it('a promotion names each of its closed gates', async () => {
  let suspended = true;
  const resolvePromotion = (): Promise<Resolution> => Promise.resolve({ ...manual, suspended });
  await environment.withWorker({ resolvePromotion }, async () => {
    await acts.act(pipelineRef, 'staging', promote('1.3.0', 'e'), true);
    const promotions = createPromotionReader(environment.client);
    const id = await eventually(async () => {
      const [one] = (await promotions.list({ version: '1.3.0' }, 1)).items;
      if (one === undefined) throw new Error('It is not listed yet.');
      return one.workflowId;
    });
    const names = async () => readShownGates(await promotions.closedGates(id))?.map(({ gate }) => gate);
    await eventually(async () => expect(await names()).toEqual(['suspend', 'manual']));
    suspended = false;
    await environment.client.workflow.getHandle(id).signal(reconsiderSignal);
    await eventually(async () => expect(await names()).toEqual(['manual']));
  });
}, 60_000);

/** Acts of people on lanes, and what lanes show and remember, on a real Temporal server. */
import { type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import { type Resolution } from '../../src/activities/promotion-activities';
import { type EnvironmentFact } from '../../src/domain/environment-fact';
import { type DeploymentEvent } from '../../src/domain/event';
import { type ActAnswer, type LaneAct } from '../../src/domain/lane/lane-act';
import { emptyLane, type LaneState } from '../../src/domain/lane/lane-state';
import { type LaneView } from '../../src/domain/lane/lane-view';
import { type FollowedRepository } from '../../src/domain/promotion/followed-repository';
import {
  laneId,
  laneWorkflow,
  promotionId,
  taskQueue,
  unfollowedTaskQueue,
} from '../../src/workflows/contract/ids';
import {
  actUpdate,
  drainSignal,
  factSignal,
  keptRecordsQuery,
  type LaneMemo,
  laneStateQuery,
  pullRequestSignal,
  recordSignal,
  recordsQuery,
  reportSignal,
  requestUpdate,
  wakeSignal,
} from '../../src/workflows/contract/messages';
import { changedAttribute, stateAttribute } from '../../src/workflows/contract/search-attributes';
import { alice, keyNumber } from '../support/acting-lane';
import { deployment, noon, pipelineRef } from '../support/events';
import { eventually } from '../support/eventually';
import {
  type Activities,
  createWorkflowEnvironment,
  stagingLane,
  type WorkflowEnvironment,
} from '../support/workflow-environment';

const ready: Resolution = {
  status: 'ready',
  strategy: 'pull-request',
  manual: false,
  application: 'shop',
  retry: { delayMs: 10, maxDelayMs: 40, threshold: 2 },
};
const repository: FollowedRepository = {
  namespace: 'apps',
  secretName: 'git',
  provider: 'github',
  url: 'https://git.example/acme/fleet',
};

let environment: WorkflowEnvironment;
let lane: WorkflowHandle;
let proposals: string[];
beforeEach(async () => {
  environment = await createWorkflowEnvironment();
  lane = environment.client.workflow.getHandle(stagingLane);
  proposals = [];
});
afterEach(() => environment.close());

const forge = (resolution: Resolution = ready): Partial<Activities> => ({
  resolvePromotion: () => Promise.resolve(resolution),
  openPullRequest: ({ version, to }) => {
    proposals.push(`${to} ${version}`);
    return Promise.resolve({
      ...({ state: 'pull-request', change: 'created', previous: '1.0.0' } as const),
      url: 'https://git.example/pull/7',
      number: 7,
      repository,
    });
  },
  withdrawPullRequest: () => Promise.resolve({}),
  followPullRequest: () => Promise.resolve(),
  tellGates: () => Promise.resolve(),
  partFromPullRequest: () => Promise.resolve(),
});

const upgrade = (release: number, overrides: Partial<DeploymentEvent> = {}): DeploymentEvent =>
  deployment({ version: `1.${release}.0`, release, at: noon + release * 1000, ...overrides });
const state = (of = lane): Promise<LaneState> => of.query(laneStateQuery);
const act = (kind: LaneAct['kind'], version: string | undefined, n: number, more: Partial<LaneAct> = {}) =>
  lane.executeUpdate<ActAnswer, [LaneAct]>(actUpdate, {
    args: [
      {
        kind,
        ...(version === undefined ? {} : { version }),
        actor: alice,
        at: Date.now(),
        key: keyNumber(n),
        ...more,
      },
    ],
  });
const refusalOf = async (asked: Promise<unknown>): Promise<string | undefined> => {
  const error: unknown = await asked.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (!(error instanceof WorkflowUpdateFailedError)) throw new Error(`It was not refused: ${String(error)}`);
  return error.cause?.message;
};
const proposed = (version: string): Promise<void> =>
  eventually(async () => {
    const { inHand, proposal } = await state();
    expect([inHand?.version, proposal?.number]).toEqual([version, 7]);
  });
/** The promotion that acts is merged, and the environment runs its version. */
const deploy = async (version: string): Promise<void> => {
  await proposed(version);
  const { inHand } = await state();
  const promotion = environment.client.workflow.getHandle(
    promotionId(pipelineRef, 'staging', version, inHand?.event.identity ?? ''),
  );
  await promotion.signal(pullRequestSignal, { number: 7, state: 'merged', head: 'f'.repeat(40), by: 'bob' });
  await eventually(async () => expect((await state()).settling?.task.version).toBe(version));
  await lane.signal(factSignal, fact(version));
  await expect(promotion.result()).resolves.toMatchObject({ state: 'deployed' });
  await eventually(async () => expect((await state()).settling).toBeUndefined());
};
const fact = (version: string): EnvironmentFact => ({
  ...{ kind: 'deployed', environment: 'staging', identity: `staging runs ${version} ${Date.now()}` },
  ...{ version, reporter: 'uid-s', at: Date.now(), object: 'shop-staging/shop', targets: 1 },
  kind: 'deployed',
});
const viewOf = async (of = lane): Promise<LaneView | undefined> => {
  const { memo } = await of.describe();
  return (memo as Partial<LaneMemo> | undefined)?.view;
};

describe('100 people at once', () => {
  it('are all answered, and each act is done and recorded once', async () => {
    await environment.withWorker(forge(), async () => {
      await environment.report(upgrade(1));
      await proposed('1.1.0');
      const numbers = Array.from({ length: 100 }, (_, n) => n);
      const answers = await Promise.all(numbers.map((n) => act('promote', `2.${n}.0`, n)));
      expect(answers.filter(({ said }) => said.startsWith('Promoting 2.'))).toHaveLength(100);
      const { acts = [] } = await state();
      expect([...acts].sort()).toEqual(numbers.map(keyNumber).sort());
      const asked = (await lane.query(recordsQuery)).filter(({ kind }) => kind === 'promote-requested');
      expect(new Set(asked.map(({ version }) => version)).size).toBe(100);
      // One of them is the last, and nothing else waits.
      await eventually(async () => {
        const { inHand, proposal, waiting } = await state();
        expect([inHand?.version, proposal?.number, waiting]).toEqual([acted(acts.at(-1)), 7, undefined]);
      });
    });
  }, 120_000);

  const acted = (key: string | undefined): string => `2.${Number.parseInt(key ?? '', 16)}.0`;

  it('with the same key do it once', async () => {
    await environment.withWorker(forge(), async () => {
      await environment.report(upgrade(1));
      await proposed('1.1.0');
      const answers = await Promise.all(Array.from({ length: 100 }, () => act('promote', '1.0.9', 1)));
      expect(answers.filter(({ repeated }) => repeated !== true)).toHaveLength(1);
      await proposed('1.0.9');
      expect(proposals).toEqual(['staging 1.1.0', 'staging 1.0.9']);
    });
  }, 120_000);
});

it('an act that cannot be done is refused with a sentence, and so is what is not an act', async () => {
  await environment.withWorker(forge(), async () => {
    await environment.report(upgrade(1));
    await proposed('1.1.0');
    expect(await refusalOf(act('cancel', '1.9.0', 1))).toBe(
      'Nothing to cancel: 1.9.0 into staging is not in progress, 1.1.0 is.',
    );
    expect(await refusalOf(act('rollback', '1.0.0', 2))).toMatch(/^staging cannot be rolled back to 1\.0\.0/);
    expect(await refusalOf(act('promote', '1.2.0', 3, { key: 'short' }))).toBe(
      '"key" must be 32 hex digits.',
    );
    expect((await state()).acts).toBeUndefined();
  });
});

it('a promotion that someone cancels ends as cancelled, and can be run again', async () => {
  await environment.withWorker(forge(), async () => {
    await environment.report(upgrade(1));
    await proposed('1.1.0');
    await act('cancel', '1.1.0', 1);
    await eventually(async () => {
      const { outcomes, inHand } = await state();
      expect([inHand, outcomes[0]?.state]).toEqual([undefined, 'cancelled']);
    });
    const description = await environment.client.workflow
      .getHandle(environment.promotionIdOf(upgrade(1)))
      .describe();
    expect([description.status.name, description.typedSearchAttributes.get(stateAttribute)]).toEqual([
      'CANCELLED',
      'cancelled',
    ]);
    expect((await act('retry', undefined, 2)).said).toBe(
      'Running the promotion of 1.1.0 into staging again.',
    );
    await proposed('1.1.0');
  });
});

it('a promotion is cancelled also if its lane ends in the same moment', async () => {
  await environment.withWorker(forge(), async () => {
    await environment.report(upgrade(1));
    await proposed('1.1.0');
  });
  await lane.signal(drainSignal);
  const cancelling = act('cancel', '1.1.0', 1);
  await environment.withWorker(forge(), async () => {
    await cancelling;
    await lane.result();
    const promotion = environment.client.workflow.getHandle(environment.promotionIdOf(upgrade(1)));
    await expect(promotion.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  });
});

it('a rollback is proposed, deployed and kept, and promotes nothing onward', async () => {
  const prod = environment.client.workflow.getHandle(laneId(pipelineRef, 'prod'));
  const ofStaging = (release: number, at: number): DeploymentEvent =>
    upgrade(release, { environment: 'staging', reporter: 'uid-s', at, release: at });
  await environment.withWorker(forge(), async () => {
    for (const release of [1, 2]) {
      await environment.report(upgrade(release));
      await deploy(`1.${release}.0`);
    }
    await environment.report(ofStaging(2, noon + 5_000), 'prod');
    await eventually(async () => expect((await state(prod)).proposal?.number).toBe(7));
    expect((await act('rollback', '1.1.0', 1, { next: 'prod', reason: 'It is slow.' })).said).toBe(
      'Rolling staging back to 1.1.0. Held until someone asks for them: 1.2.0.',
    );
    await eventually(async () => expect((await state(prod)).notOnward).toHaveLength(1));
    await deploy('1.1.0');
    await environment.report(upgrade(3, { version: '1.2.0' }));
    await eventually(async () => expect((await state()).dropped?.[0]?.reason).toBe('held'));
    await environment.report(ofStaging(1, noon + 9_000), 'prod');
    await eventually(async () => {
      const { outcomes } = await state(prod);
      expect(outcomes.map((outcome) => `${outcome.version} ${outcome.state}`)).toEqual([
        '1.2.0 withdrawn',
        '1.2.0 superseded',
      ]);
    });
    expect(proposals).toEqual(['staging 1.1.0', 'staging 1.2.0', 'prod 1.2.0', 'staging 1.1.0']);
    const records = await lane.query(recordsQuery);
    expect(records.map(({ kind, version, by }) => [kind, version, by])).toEqual([
      ['deployed', '1.1.0', 'bob'],
      ['merged', '1.1.0', 'bob'],
      ['proposed', '1.1.0', undefined],
      ['rollback-requested', '1.1.0', 'oidc:alice'],
      ['deployed', '1.2.0', 'bob'],
      ['merged', '1.2.0', 'bob'],
      ['proposed', '1.2.0', undefined],
      ['deployed', '1.1.0', 'bob'],
      ['merged', '1.1.0', 'bob'],
      ['proposed', '1.1.0', undefined],
    ]);
  });
}, 120_000);

it('a person can promote into an environment that never got anything', async () => {
  await environment.withWorker(forge(), async () => {
    await environment.client.workflow.start(laneWorkflow, {
      taskQueue,
      workflowId: stagingLane,
      args: [{ pipeline: pipelineRef, environment: 'staging', followed: true, first: true }],
    });
    expect((await act('promote', '1.1.0', 1, { source: 'dev' })).said).toBe('Promoting 1.1.0 into staging.');
    await proposed('1.1.0');
  });
});

describe('after a token, a request without one', () => {
  const request = (version: string): Promise<string> =>
    lane.executeUpdate(requestUpdate, { args: [{ version }] });
  /** The pull request of the first version was closed by a person. */
  const closed = async (): Promise<void> => {
    await environment.report(upgrade(1, { capability: 'wl1.k.p.m' }));
    await proposed('1.1.0');
    const promotion = environment.client.workflow.getHandle(environment.promotionIdOf(upgrade(1)));
    await promotion.signal(pullRequestSignal, { number: 7, state: 'closed', by: 'bob' });
    await eventually(async () => expect((await state()).held).toHaveLength(1));
  };

  it('is refused while the workers have a key, and changes nothing', async () => {
    const withKey = { ...forge(), needsVouching: () => Promise.resolve(true) };
    await environment.withWorker(withKey, async () => {
      await closed();
      const before = await state();
      const refused = 'staging takes requests by the API only: use windlass promote.';
      expect(await refusalOf(request('1.1.0'))).toBe(refused);
      expect(await refusalOf(act('promote', '1.2.0', 1))).toBe(refused);
      expect(await state()).toEqual(before);
      expect((await act('promote', '1.1.0', 2, { capability: 'wl1.k.p.m' })).said).toBe(
        'Promoting 1.1.0 into staging.',
      );
    });
  });

  it('is taken in an emergency, when the workers have none', async () => {
    await environment.withWorker(forge(), async () => {
      await closed();
      expect(await request('1.1.0')).toBe('Promoting 1.1.0 into staging.');
      await proposed('1.1.0');
      expect((await act('promote', '1.2.0', 1)).said).toMatch(/^Promoting 1\.2\.0 into staging\./);
      await proposed('1.2.0');
    });
  });
});

describe('the memo of a lane', () => {
  it('shows what acts and what it waits for, and when that changed', async () => {
    await environment.withWorker(forge({ ...ready, manual: true }), async () => {
      const before = Date.now();
      await environment.report(upgrade(1));
      const view = await eventually(async () => {
        const shown = await viewOf();
        expect(shown?.acting?.waits).toMatch(/^staging waits for 1\.1\.0: /);
        return shown;
      });
      expect(view).toMatchObject({
        schema: 1,
        pipeline: pipelineRef,
        environment: 'staging',
        acting: { version: '1.1.0', from: 'dev', since: noon + 1_000 },
        source: [{ version: '1.1.0', object: 'dev/shop' }],
      });
      const { typedSearchAttributes } = await lane.describe();
      expect(typedSearchAttributes.get(changedAttribute)?.getTime()).toBe(view?.changedAt);
      expect(view?.changedAt).toBeGreaterThanOrEqual(before);
      const since = new Date(before - 1).toISOString();
      await eventually(async () => {
        const listed = `WorkflowType = 'lane' AND ${changedAttribute.name} > '${since}'`;
        expect((await environment.client.workflow.count(listed)).count).toBe(1);
      });
    });
  });

  it('is written for what is recorded, but not for what changes nothing', async () => {
    const written = async (): Promise<number> => {
      const { events } = await lane.fetchHistory();
      return (events ?? []).filter((event) => event.workflowPropertiesModifiedEventAttributes).length;
    };
    const changedAt = async (): Promise<number> =>
      (await lane.describe()).typedSearchAttributes.get(changedAttribute)?.getTime() ?? 0;
    await environment.withWorker(forge(), async () => {
      await environment.report(upgrade(1));
      await proposed('1.1.0');
      for (let n = 0; n < 5; n += 1) {
        await environment.report(upgrade(1));
        await lane.signal(recordSignal, [{ kind: 'suspended', at: Number.NaN }]);
        // Asked after the signals, so answered after them.
        expect(await lane.query(recordsQuery)).toHaveLength(1);
      }
      expect(await written()).toBe(1);
      const before = await changedAt();
      await lane.signal(recordSignal, [{ kind: 'suspended', at: noon }]);
      await eventually(async () => expect((await viewOf())?.recordedAt).toBe(noon));
      expect(await changedAt()).toBeGreaterThan(before);
      expect(await written()).toBe(2);
      expect(await lane.query(keptRecordsQuery)).toMatchObject({ records: [{ at: noon }, {}] });
    });
  });

  it('is the first thing that a run writes which continues another, also if nothing comes in', async () => {
    const held = [{ version: '1.2.0', because: 'closed', by: 'bob', at: noon }] as const;
    const records = [{ kind: 'closed', at: noon, version: '1.2.0', by: 'bob' }] as const;
    await environment.withWorker(forge(), async () => {
      const before = { ...emptyLane(pipelineRef, 'staging'), held, records };
      await environment.client.workflow.start(laneWorkflow, {
        taskQueue,
        workflowId: stagingLane,
        args: [{ pipeline: pipelineRef, environment: 'staging', followed: true, state: before }],
      });
      await eventually(async () => expect((await viewOf())?.held).toEqual(held));
      expect(await lane.query(recordsQuery)).toEqual(records);
    });
  });

  it('and its records are there after the lane has continued as new', async () => {
    await environment.withWorker(
      forge(),
      async () => {
        await environment.client.workflow.signalWithStart(laneWorkflow, {
          taskQueue: unfollowedTaskQueue,
          workflowId: stagingLane,
          args: [{ pipeline: pipelineRef, environment: 'staging' }],
          signal: reportSignal,
          signalArgs: [upgrade(1)],
        });
        await eventually(async () => expect((await state()).outcomes).toHaveLength(1));
        expect(await viewOf()).toBeUndefined();
        const { runId } = await lane.describe();
        await lane.signal(wakeSignal);
        await eventually(async () => expect((await lane.describe()).runId).not.toBe(runId));
        await eventually(async () => expect((await viewOf())?.acting?.proposal?.number).toBe(7));
        const kinds = (await lane.query(recordsQuery)).map(({ kind, version }) => `${kind} ${version}`);
        expect(kinds).toEqual(['proposed 1.1.0', 'proposed 1.1.0']);
      },
      { taskQueues: [taskQueue, unfollowedTaskQueue] },
    );
  });
});

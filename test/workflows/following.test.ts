import { type WorkflowHandle } from '@temporalio/client';
import { type Resolution } from '../../src/activities/promotion-activities';
import { type EnvironmentFact } from '../../src/domain/environment-fact';
import { type DeploymentEvent } from '../../src/domain/event';
import { type LaneState } from '../../src/domain/lane/lane-state';
import { type FollowedRepository } from '../../src/domain/promotion/followed-repository';
import { type PullRequestState } from '../../src/domain/promotion/pull-request-state';
import {
  factSignal,
  laneStateQuery,
  pullRequestSignal,
  reconsiderSignal,
  requestUpdate,
} from '../../src/workflows/contract/messages';
import { stateAttribute } from '../../src/workflows/contract/search-attributes';
import { markdownParagraphs } from '../../src/domain/rich-text';
import { createLaneReporter } from '../../src/temporal/lanes';
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
const url = 'https://git.example/pull/7';

const upgrade = (release: number, version = `1.${release}.0`): DeploymentEvent =>
  deployment({ version, release, at: noon + release * 1000 });

const fact = (version: string, overrides: Partial<EnvironmentFact> = {}): EnvironmentFact => ({
  kind: 'deployed',
  environment: 'staging',
  identity: `staging runs ${version} ${overrides.reporter ?? ''}${overrides.at ?? ''}`,
  version,
  reporter: 'staging-1',
  at: noon + 60_000,
  object: 'shop-staging/shop',
  targets: 1,
  ...overrides,
});

let environment: WorkflowEnvironment;
let lane: WorkflowHandle;

beforeEach(async () => {
  environment = await createWorkflowEnvironment();
  lane = environment.client.workflow.getHandle(stagingLane);
});
afterEach(() => environment.close());

/** A forge in memory, with the resolution of the moment. */
function forge(
  resolution: () => Resolution = () => ready,
): Partial<Activities> & { readonly followed: string[]; readonly versions: string[] } {
  const followed: string[] = [];
  const versions: string[] = [];
  return {
    followed,
    versions,
    resolvePromotion: () => Promise.resolve(resolution()),
    openPullRequest(task) {
      versions.push(task.version);
      return Promise.resolve({
        state: 'pull-request',
        url,
        number: 7,
        change: 'created',
        previous: '1.0.0',
        repository,
      });
    },
    notify: (task) => {
      versions.push(task.version);
      return Promise.resolve();
    },
    tellGates: () => Promise.resolve(),
    partFromPullRequest: () => Promise.resolve(),
    followPullRequest(_, { workflowId }) {
      followed.push(workflowId);
      return Promise.resolve();
    },
  };
}

const promotionOf = (event: DeploymentEvent): WorkflowHandle =>
  environment.client.workflow.getHandle(environment.promotionIdOf(event));
const state = (): Promise<LaneState> => lane.query(laneStateQuery);
const shows = (event: DeploymentEvent, wanted: string): Promise<boolean> =>
  eventually(async () => {
    const { typedSearchAttributes } = await promotionOf(event).describe();
    return typedSearchAttributes.get(stateAttribute) === wanted;
  });
const proposed = async (event: DeploymentEvent): Promise<void> => {
  await environment.report(event);
  await eventually(async () => {
    const { inHand, proposal } = await state();
    expect([inHand?.version, proposal?.number]).toEqual([event.version, 7]);
  });
};
const decide = (event: DeploymentEvent, what: Partial<PullRequestState>): Promise<void> =>
  promotionOf(event).signal(pullRequestSignal, { number: 7, state: 'merged', head: 'f'.repeat(40), ...what });

it('a merged pull request frees the lane, and its promotion ends once the environment runs the version', async () => {
  const activities = forge();
  await environment.withWorker(activities, async () => {
    await proposed(upgrade(1));
    await eventually(() => expect(activities.followed).toEqual([environment.promotionIdOf(upgrade(1))]));
    await decide(upgrade(1), { by: 'alice', at: noon + 50_000 });
    await shows(upgrade(1), 'merged');
    await eventually(async () => {
      const { inHand, settling } = await state();
      expect([inHand, settling?.task.version, settling?.stage]).toEqual([undefined, '1.1.0', 'merged']);
    });
    await lane.signal(factSignal, fact('1.1.0'));
    await expect(promotionOf(upgrade(1)).result()).resolves.toMatchObject({
      state: 'deployed',
      url,
      by: 'alice',
      mergedAt: noon + 50_000,
      deployedAt: noon + 60_000,
    });
    await eventually(async () => {
      const { settling, outcomes } = await state();
      expect([settling, outcomes[0]?.state, outcomes[0]?.by]).toEqual([undefined, 'deployed', 'alice']);
    });
    const [metric] = (await environment.registry.getMetricsAsJSON()).filter(
      ({ name }) => name === 'windlass_promotion_step_duration_seconds',
    );
    const counted = (metric?.values ?? []).filter(
      (each) => (each as { readonly metricName?: string }).metricName?.endsWith('_count') === true,
    );
    expect(counted.map(({ labels, value }) => [labels['step'], value])).toEqual([
      ['propose', 1],
      ['merge', 1],
      ['deploy', 1],
    ]);
  });
});

it('the version is deployed when all targets of the environment run it', async () => {
  await environment.withWorker(forge(), async () => {
    await proposed(upgrade(1));
    await decide(upgrade(1), {});
    await lane.signal(factSignal, fact('1.1.0', { targets: 2 }));
    await shows(upgrade(1), 'merged');
    await lane.signal(factSignal, fact('v1.1.0', { targets: 2, reporter: 'staging-2', at: noon + 70_000 }));
    await expect(promotionOf(upgrade(1)).result()).resolves.toMatchObject({
      state: 'deployed',
      deployedAt: noon + 70_000,
    });
  });
});

it('a version that runs before its merge is heard of has the repository looked at', async () => {
  await environment.withWorker(forge(), async () => {
    await proposed(upgrade(1));
    await lane.signal(factSignal, fact('1.1.0'));
    await eventually(async () => {
      const { events } = await promotionOf(upgrade(1)).fetchHistory();
      const told = (events ?? []).map(
        (event) => event.signalExternalWorkflowExecutionInitiatedEventAttributes?.signalName,
      );
      expect(told).toContain('look');
    });
    await decide(upgrade(1), {});
    await expect(promotionOf(upgrade(1)).result()).resolves.toMatchObject({ state: 'deployed' });
  });
});

it('a version whose pull request someone closed is held until it is asked for', async () => {
  const activities = forge();
  await environment.withWorker(activities, async () => {
    await proposed(upgrade(1));
    await decide(upgrade(1), { state: 'closed', by: 'bob' });
    await expect(promotionOf(upgrade(1)).result()).resolves.toMatchObject({ state: 'closed', by: 'bob' });
    await eventually(async () => expect((await state()).held).toHaveLength(1));
    // A change of values is a new release of the same version.
    await environment.report(upgrade(2, '1.1.0'));
    await eventually(async () => {
      const { dropped, held } = await state();
      expect([dropped?.[0]?.reason, held?.[0]?.version, held?.[0]?.by]).toEqual(['held', '1.1.0', 'bob']);
    });
    expect(activities.versions).toEqual(['1.1.0']);
    const ask = (version: string) => lane.executeUpdate(requestUpdate, { args: [{ version }] });
    expect(await ask('1.9.0')).toBe('Nothing to promote: 1.9.0 is not held in staging (held: 1.1.0).');
    expect(await ask('1.1.0')).toBe('Promoting 1.1.0 into staging.');
    await eventually(async () => expect((await state()).proposal?.number).toBe(7));
    expect(activities.versions).toEqual(['1.1.0', '1.1.0']);
  });
});

it('a newer version does not wait for one that is held', async () => {
  const activities = forge();
  await environment.withWorker(activities, async () => {
    await proposed(upgrade(1));
    await decide(upgrade(1), { state: 'closed' });
    await promotionOf(upgrade(1)).result();
    await proposed(upgrade(2));
  });
  expect(activities.versions).toEqual(['1.1.0', '1.2.0']);
});

it('a version that its environment went back from is held', async () => {
  await environment.withWorker(forge(), async () => {
    await proposed(upgrade(1));
    await lane.signal(factSignal, fact('1.0.0', { at: noon }));
    await decide(upgrade(1), { at: noon + 50_000 });
    await shows(upgrade(1), 'merged');
    // Helm's remediation: the upgrade to 1.1.0 failed.
    await lane.signal(factSignal, fact('1.0.0', { kind: 'rolled-back', at: noon + 80_000 }));
    await expect(promotionOf(upgrade(1)).result()).resolves.toMatchObject({
      state: 'rolled-back',
      to: '1.0.0',
    });
    await environment.report(upgrade(2, '1.1.0'));
    await eventually(async () => expect((await state()).dropped?.[0]?.reason).toBe('held'));
  });
});

it('a version that its environment went back from after its promotion ended is what the Pipeline shows', async () => {
  const reported: string[] = [];
  const activities: Partial<Activities> = {
    ...forge(),
    reportLaterEnd: ({ version }, { state, message, workflowId, url }) => {
      reported.push(`${version} ${state}`, message);
      expect(workflowId).toBe(environment.promotionIdOf(upgrade(1)));
      expect(url).toMatch(/7$/);
      return Promise.resolve();
    },
  };
  await environment.withWorker(activities, async () => {
    await proposed(upgrade(1));
    await decide(upgrade(1), { at: noon + 50_000 });
    await shows(upgrade(1), 'merged');
    await lane.signal(factSignal, fact('1.1.0', { at: noon + 60_000 }));
    await expect(promotionOf(upgrade(1)).result()).resolves.toMatchObject({ state: 'deployed' });
    await eventually(async () => expect((await state()).settling).toBeUndefined());
    await lane.signal(factSignal, fact('1.0.0', { at: noon + 80_000 }));
    await eventually(() =>
      expect(reported).toEqual([
        '1.1.0 rolled-back',
        expect.stringMatching(/^staging went back to 1\.0\.0, so 1\.1\.0 is held\./),
      ]),
    );
    await environment.report(upgrade(2, '1.1.0'));
    await eventually(async () => expect((await state()).dropped?.[0]?.reason).toBe('held'));
  });
});

it('a merge of a newer version ends what an earlier one waits for', async () => {
  await environment.withWorker(forge(), async () => {
    await proposed(upgrade(1));
    await decide(upgrade(1), {});
    await shows(upgrade(1), 'merged');
    await proposed(upgrade(2));
    await decide(upgrade(2), {});
    await expect(promotionOf(upgrade(1)).result()).resolves.toMatchObject({ state: 'merged' });
    await eventually(async () => {
      const { settling, passedBy, outcomes } = await state();
      expect([settling?.task.version, passedBy, outcomes[0]?.version, outcomes[0]?.state]).toEqual([
        '1.2.0',
        [],
        '1.1.0',
        'merged',
      ]);
    });
  });
});

describe('Helm tests in the source environment', () => {
  const tests = (kind: 'tests-passed' | 'tests-failed', at = noon): EnvironmentFact =>
    fact('1.1.0', { kind, environment: 'dev', reporter: 'uid-a', at, identity: `${kind} ${at}` });

  it('that fail are said on the open pull request, and that they pass later', async () => {
    const said: (string | null | undefined)[] = [];
    const tellGates: Activities['tellGates'] = (_, number, closed) => {
      said.push(`${number} ${closed === undefined ? 'open' : markdownParagraphs(closed)}`);
      return Promise.resolve();
    };
    await environment.withWorker({ ...forge(), tellGates }, async () => {
      await proposed(upgrade(1));
      await lane.signal(factSignal, tests('tests-failed'));
      await shows(upgrade(1), 'tests-failed');
      await lane.signal(factSignal, tests('tests-passed', noon + 1));
      await shows(upgrade(1), 'pull-request');
      await eventually(() => expect(said).toHaveLength(2));
    });
    expect(said[0]).toContain('7 **staging waits for 1.1.0**: the Helm tests failed in dev.');
    expect(said[1]).toBe('7 open');
  });

  it('are waited for where the environment wants them, and nothing is proposed before', async () => {
    const activities = forge(() => ({ ...ready, promoteOn: 'tested' }));
    await environment.withWorker(activities, async () => {
      await environment.report(upgrade(1));
      await shows(upgrade(1), 'waiting-for-tests');
      await lane.signal(factSignal, tests('tests-failed'));
      await shows(upgrade(1), 'tests-failed');
      expect(activities.versions).toEqual([]);
      await lane.signal(factSignal, tests('tests-passed', noon + 1));
      await shows(upgrade(1), 'pull-request');
    });
    expect(activities.versions).toEqual(['1.1.0']);
  });

  it('that were reported first count', async () => {
    const activities = forge(() => ({ ...ready, promoteOn: 'tested' }));
    await environment.withWorker(activities, async () => {
      await proposedAfter(tests('tests-passed'));
    });
    expect(activities.versions).toEqual(['1.1.0']);
  });

  async function proposedAfter(first: EnvironmentFact): Promise<void> {
    const reporter = createLaneReporter(environment.client);
    await reporter.recordFact(pipelineRef, first, 'staging', 10_000);
    await proposed(upgrade(1));
  }
});

it('a promotion by notification ends as deployed', async () => {
  const byNotification: Resolution = { ...ready, strategy: 'notification' };
  await environment.withWorker(
    forge(() => byNotification),
    async () => {
      await environment.report(upgrade(1));
      await shows(upgrade(1), 'notified');
      await lane.signal(factSignal, fact('1.1.0'));
      await expect(promotionOf(upgrade(1)).result()).resolves.toMatchObject({ state: 'deployed' });
    },
  );
});

it('a promotion whose Pipeline is gone ends, and leaves its pull request open', async () => {
  let gone = false;
  const ignored: Resolution = {
    status: 'ignored',
    reason: 'The pipeline apps/shop does not exist any more.',
  };
  await environment.withWorker(
    forge(() => (gone ? ignored : ready)),
    async () => {
      await proposed(upgrade(1));
      gone = true;
      await promotionOf(upgrade(1)).signal(reconsiderSignal);
      await expect(promotionOf(upgrade(1)).result()).resolves.toMatchObject({ state: 'ignored' });
    },
  );
});

it('a fresh lane takes over an open and a merged promotion, and hears of their ends', async () => {
  await environment.withWorker(forge(), async () => {
    await proposed(upgrade(1));
    await decide(upgrade(1), {});
    await shows(upgrade(1), 'merged');
    await proposed(upgrade(2));
    await shows(upgrade(2), 'pull-request');
    await eventually(async () => {
      const listed = `WorkflowType = 'promotion' AND WindlassState IN ('merged', 'pull-request')`;
      return (await environment.client.workflow.count(listed)).count === 2;
    });
    await lane.terminate();
    await environment.report(upgrade(2));
    await eventually(async () => {
      const { inHand, proposal, settling } = await state();
      expect([inHand?.version, proposal?.number, settling?.task.version]).toEqual(['1.2.0', 7, '1.1.0']);
    });
    await decide(upgrade(2), { state: 'closed' });
    await lane.signal(factSignal, fact('1.1.0'));
    await eventually(async () => {
      const { inHand, settling, outcomes, held } = await state();
      expect([inHand, settling, held?.[0]?.version]).toEqual([undefined, undefined, '1.2.0']);
      expect(outcomes.map((outcome) => outcome.state).sort()).toEqual(['closed', 'deployed']);
    });
  });
});

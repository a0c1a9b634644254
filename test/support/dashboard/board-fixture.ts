/** Pipelines and lanes in every state that the board can show. */
import { type Proposal } from '../../../src/domain/lane/lane-state';
import { type LaneView } from '../../../src/domain/lane/lane-view';
import { type Environment, type Pipeline } from '../../../src/domain/pipeline/pipeline';
import { type ShownState } from '../../../src/domain/promotion/states';
import { type FakeLanes } from '../operator-api-server';
import { samplePipeline } from '../sample-pipeline';

const minute = 60_000;

const environment = (name: string): Environment => ({ name, targets: [{ namespace: name }] });

/** A Pipeline through some environments. */
export function pipelineThrough(
  environments: readonly string[],
  fields: Partial<Pipeline> & Pick<Pipeline, 'name'>,
): Pipeline {
  return { ...samplePipeline, namespace: 'apps', environments: environments.map(environment), ...fields };
}

/** Runs a version since some minutes ago, in one target for each version. */
export function runs(
  ...versions: readonly (readonly [version: string, minutes: number])[]
): Pick<LaneView, 'running'> {
  return {
    running: versions.map(([version, minutes], index) => ({
      version,
      object: `ns-${index}/app`,
      at: Date.now() - minutes * minute,
    })),
  };
}

/** A promotion that acts. */
export function acts(
  version: string,
  state: ShownState,
  fields: Partial<NonNullable<LaneView['acting']>> = {},
): Pick<LaneView, 'acting'> {
  const since = Date.now() - 95 * minute;
  return {
    acting: { version, action: 'promote', identity: 'a'.repeat(64), from: 'dev', since, state, ...fields },
  };
}

function proposal(number: number, minutes: number): { proposal: Proposal } {
  return {
    proposal: {
      url: `https://git.example.com/acme/fleet/pull/${number}`,
      number,
      at: Date.now() - minutes * minute,
    },
  };
}

/** What happens in the last environment of `apps/<name>`. */
const everyCell: Readonly<Record<string, Partial<LaneView>>> = {
  approval: {
    ...runs(['1.3.0', 11_000]),
    ...acts('1.4.1', 'waiting-for-approval', { waits: 'prod waits for 1.4.1: 1 of 2 approvals' }),
  },
  'approval-with-pull-request': {
    ...runs(['1.3.0', 11_000]),
    ...acts('1.4.1', 'waiting-for-approval', {
      waits: 'prod waits for 1.4.1: 0 of 2 approvals, window opens Mon 09:00 CET',
      ...proposal(7, 180),
    }),
  },
  deployed: { ...runs(['2.0.1', 3]), last: { version: '2.0.1', state: 'deployed', endedAt: Date.now() } },
  differing: runs(['1.4.1', 30], ['1.3.0', 5_000], ['1.3.0', 5_000]),
  dependency: {
    ...runs(['1.3.0', 400]),
    ...acts('1.4.1', 'waiting-for-dependency', {
      waits: 'prod waits for 1.4.1: apps/database must run >=2.1 in prod, it runs 2.0.4',
    }),
  },
  expired: {
    ...runs(['1.3.0', 400]),
    last: { version: '1.4.1', state: 'expired', endedAt: Date.now() - 60 * minute },
  },
  failed: { ...runs(['1.3.0', 400]), failed: { version: '1.4.1', code: 'branch-protected' } },
  frozen: {
    ...runs(['1.3.0', 400]),
    ...acts('1.4.1', 'frozen', {
      waits: 'prod waits for 1.4.1: frozen by ada until 2027-01-04 00:00 UTC: Holidays',
    }),
  },
  held: {
    ...runs(['1.3.0', 400]),
    held: [
      { version: '1.4.0', because: 'rejected', by: 'oidc:bob', at: Date.now() - 300 * minute },
      { version: '1.3.9', because: 'rolled-back', at: Date.now() - 900 * minute },
    ],
  },
  merged: {
    ...runs(['1.3.0', 400]),
    settling: { version: '1.4.1', identity: 'a'.repeat(64), stage: 'merged', at: Date.now() - 2 * minute },
  },
  promoting: { ...runs(['1.3.0', 400]), ...acts('1.4.1', 'promoting') },
  'pull-request': { ...runs(['1.3.0', 400]), ...acts('1.4.1', 'pull-request', proposal(12, 60 * 26)) },
  queued: {
    ...runs(['1.3.0', 400]),
    ...acts('1.4.1', 'waiting-for-soak', { waits: 'prod waits for 1.4.1: soaks until 2026-11-28 18:00 UTC' }),
    queued: ['1.4.2', '1.4.3', '1.5.0'],
  },
  retrying: {
    ...runs(['1.3.0', 400]),
    ...acts('1.4.1', 'retrying', {
      waits: 'prod waits for 1.4.1: git.example.com cannot be reached, next attempt at 12:40 UTC',
    }),
  },
  'rolled-back': {
    ...runs(['1.3.0', 40]),
    last: { version: '1.4.1', state: 'rolled-back', endedAt: Date.now() - 40 * minute, detail: 'to 1.3.0' },
    held: [{ version: '1.4.1', because: 'rolled-back', at: Date.now() - 40 * minute }],
  },
  suspended: {
    ...runs(['1.3.0', 400]),
    ...acts('1.4.1', 'suspended', { waits: 'prod waits for 1.4.1: suspended' }),
  },
  'tests-failed': {
    ...runs(['1.3.0', 400]),
    ...acts('1.4.1', 'tests-failed', { waits: 'prod waits for 1.4.1: the Helm tests failed in staging' }),
  },
  window: {
    ...runs(['1.3.0', 400]),
    ...acts('1.4.1', 'waiting-for-window', { waits: 'prod waits for 1.4.1: window opens Mon 09:00 CET' }),
  },
};

/** One Pipeline for each of `everyCell`, through dev, staging and prod. */
export function everyCellPipelines(lanes: FakeLanes): Pipeline[] {
  return Object.entries(everyCell).map(([name, view]) => {
    const pipeline = { namespace: 'apps', name };
    const common = { schema: 1, pipeline, sentence: 'A sentence', changedAt: Date.now() - minute } as const;
    lanes.put({
      ...common,
      environment: 'staging',
      ...runs(['1.4.1', 200]),
      source: runs(['1.4.2', 20]).running ?? [],
    });
    lanes.put({ ...common, environment: 'prod', ...view });
    return pipelineThrough(['dev', 'staging', 'prod'], {
      name,
      labels: { team: 'payments' },
      suspended: name === 'suspended',
    });
  });
}

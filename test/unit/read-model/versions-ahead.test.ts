import { emptyLane, type LaneState } from '../../../src/domain/lane/lane-state';
import { type Environment } from '../../../src/operator/schemas/pipelines';
import { type AheadSources, versionsAhead } from '../../../src/read-model/versions-ahead';
import { noon, pipelineRef, promotionTask } from '../../support/events';

const compare = 'https://git.example.com/{from}...{to}';
const minute = 60_000;
const time = (minutes: number): string => new Date(noon + minutes * minute).toISOString();

function environment(name: string, version?: string, more: Partial<Environment> = {}): Environment {
  const running = version === undefined ? [] : [{ version, object: `${name}/shop`, since: time(0) }];
  return {
    ...{ name, running, sentence: '', queued: [], held: [] },
    ...(version === undefined ? {} : { version }),
    ...more,
  };
}

/** That has run these, one a minute, newest first. */
function lane(name: string, ...versions: readonly string[]): LaneState {
  const ran = versions.map((version, index) => ({ version, at: noon - index * minute }));
  return { ...emptyLane(pipelineRef, name), ran };
}

/** Prod behind staging, whose lanes have run these. */
function prod(staging: readonly string[], own: readonly string[], more: Partial<AheadSources> = {}) {
  return versionsAhead({
    environment: environment('prod', own[0]),
    state: lane('prod', ...own),
    before: { environment: environment('staging', staging[0]), state: lane('staging', ...staging) },
    changesUrl: undefined,
    ...more,
  });
}

const versionsOf = ({ ahead }: ReturnType<typeof versionsAhead>) => ahead?.map(({ version }) => version);

it('lists what the environment before has run since the version that this one runs, newest first', () => {
  expect(prod(['1.4.0', '1.3.0', '1.2.0', '1.1.0'], ['1.2.0', '1.0.0']).ahead).toEqual([
    { version: '1.4.0', at: time(0) },
    { version: '1.3.0', at: time(-1) },
  ]);
});

it.each<readonly [what: string, staging: string[], own: string[], ahead: string[]]>([
  ['both run the same', ['1.2.0', '1.1.0'], ['1.2.0'], []],
  ['one of them reports a leading v', ['1.3.0', '1.2.0'], ['v1.2.0'], ['1.3.0']],
  ['this one has never run anything', ['1.2.0', '1.1.0'], [], ['1.2.0', '1.1.0']],
  ['the one before went back to what this one has run', ['1.1.0', '1.2.0'], ['1.2.0', '1.1.0'], []],
  ['what this one runs is forgotten', ['1.9.0', '1.8.0'], ['1.2.0'], ['1.9.0', '1.8.0']],
])('if %s', (_what, staging, own, ahead) => {
  expect(versionsOf(prod(staging, own))).toEqual(ahead);
});

it('a version that was rolled back here is ahead again, as long as it is held', () => {
  const held = { version: '1.4.0', because: 'rolled-back', since: time(0) } as const;
  const rolledBack = environment('prod', '1.3.0', { held: [held] });
  const sources = { environment: rolledBack, state: lane('prod', '1.3.0', '1.4.0') };
  expect(versionsOf(prod(['1.4.0', '1.3.0'], [], sources))).toEqual(['1.4.0']);
});

it('of the first environment, what was promoted out of it counts', () => {
  const task = { ...promotionTask(4, { version: '1.4.0' }), start: 'new' } as const;
  const outcome = (version: string, state: 'superseded' | 'deployed') => ({ version, state, endedAt: noon });
  const state: LaneState = {
    ...lane('staging', '1.2.0'),
    reports: [{ version: '1.5.0', at: noon + minute, reporter: 'a', object: 'dev/shop' }],
    inHand: task,
    outcomes: [outcome('1.3.0', 'superseded'), outcome('1.2.0', 'deployed'), outcome('1.1.0', 'deployed')],
  };
  const sources = {
    environment: environment('staging', '1.2.0'),
    state,
    before: { environment: environment('dev', '1.5.0'), state: undefined },
  };
  expect(versionsOf(versionsAhead({ ...sources, changesUrl: undefined }))).toEqual([
    '1.5.0',
    '1.4.0',
    '1.3.0',
  ]);
});

it('while no lane answers, what the environment before runs is known', () => {
  const before = { environment: environment('staging', '1.4.0'), state: undefined };
  const sources = { environment: environment('prod', '1.2.0'), state: undefined, before };
  expect(versionsOf(prod([], [], sources))).toEqual(['1.4.0']);
});

it('links each version with the one before it, and the environment with the newest', () => {
  const { ahead, changes } = prod(['1.4.0', '1.3.0', '1.2.0'], ['1.2.0'], { changesUrl: compare });
  expect(ahead?.map((each) => each.changes)).toEqual([
    'https://git.example.com/1.3.0...1.4.0',
    'https://git.example.com/1.2.0...1.3.0',
  ]);
  expect(changes).toBe('https://git.example.com/1.2.0...1.4.0');
});

it('a page about one version says nothing of the way between two', () => {
  const changesUrl = 'https://git.example.com/releases/{to}';
  const { ahead, changes } = prod(['1.3.0', '1.2.0'], ['1.2.0'], { changesUrl });
  expect([ahead?.[0]?.changes, changes]).toEqual(['https://git.example.com/releases/1.3.0', undefined]);
});

it('lists twenty at most', () => {
  const many = Array.from({ length: 30 }, (_, n) => `2.${30 - n}.0`);
  expect(prod(many, ['1.0.0']).ahead).toHaveLength(20);
});

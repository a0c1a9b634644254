/** What people do to a lane by the API. */
import { actFault } from '../../../../src/domain/lane/acts';
import { transition } from '../../../../src/domain/lane/lane';
import { type LaneAct } from '../../../../src/domain/lane/lane-act';
import { type LaneState } from '../../../../src/domain/lane/lane-state';
import { ranOf } from '../../../../src/domain/lane/ran-versions';
import { alice, keyNumber, openActingLane, pullRequest } from '../../../support/acting-lane';

type Lane = ReturnType<typeof openActingLane>;

const failed = { state: 'failed', code: 'no-marker', message: 'No marker.' } as const;
const heldIn = ({ state }: Lane): readonly string[] => (state.held ?? []).map(({ version }) => version);
const act = (kind: LaneAct['kind'], version?: string, overrides: Partial<LaneAct> = {}): LaneAct => ({
  kind,
  ...(version === undefined ? {} : { version }),
  actor: alice,
  at: 0,
  key: keyNumber(99),
  ...overrides,
});
const fault = (state: LaneState, ...args: Parameters<typeof act>): string | undefined =>
  actFault(state, act(...args));

/** staging runs the versions, one after the other. */
function laneThatRan(...versions: readonly string[]): Lane {
  const lane = openActingLane();
  for (const version of versions) {
    lane.report(version);
    lane.deploy(version);
  }
  return lane;
}

describe('someone who asks for a version that no one reported', () => {
  it('has it promoted in their name, with what vouches for it', () => {
    const lane = laneThatRan('1.1.0');
    const step = lane.act('promote', '1.1.9', { capability: 'token' });
    expect(step.answer).toEqual({ said: 'Promoting 1.1.9 into staging.' });
    expect(lane.tasks.at(-1)).toMatchObject({
      action: 'promote',
      from: 'dev',
      to: 'staging',
      version: '1.1.9',
      start: 'new',
      requestedBy: ['oidc:alice'],
      request: { kind: 'promote', actor: alice, reason: 'It is slow.', capability: 'token' },
      event: { kind: 'deployed', environment: 'dev', reporter: 'person:oidc:alice', version: '1.1.9' },
    });
  });

  it('gets another promotion for each key, and another than anyone else', () => {
    const identityOf = (key: string, version: string): string | undefined => {
      const lane = laneThatRan('1.1.0');
      lane.act('promote', version, { key });
      return lane.tasks.at(-1)?.event.identity;
    };
    expect(identityOf(keyNumber(1), '1.2.0')).toBe(identityOf(keyNumber(1), '1.2.0'));
    const all = [
      identityOf(keyNumber(1), '1.2.0'),
      identityOf(keyNumber(2), '1.2.0'),
      identityOf(keyNumber(1), '1.3.0'),
    ];
    expect(new Set(all).size).toBe(3);
  });

  it('supersedes what acts', () => {
    const lane = openActingLane();
    lane.report('1.1.0');
    expect(lane.act('promote', '1.0.9').answer).toEqual({
      said: 'Promoting 1.0.9 into staging. It goes before 1.1.0, which is in progress.',
    });
    expect(lane.started).toEqual(['promote 1.1.0', 'promote 1.0.9']);
  });

  it('has a newer version that acts queued again, where versions wait behind each other', () => {
    const lane = openActingLane();
    lane.report('1.1.0', { supersede: 'queue' });
    lane.act('promote', '1.0.9');
    expect(lane.state.queue?.map(({ version }) => version)).toEqual(['1.1.0']);
    expect(lane.state.inHand?.event.supersede).toBe('queue');
  });

  it('keeps older versions of the source from following it', () => {
    const lane = laneThatRan('1.1.0');
    lane.act('promote', '1.3.0');
    expect(lane.report('1.2.0').dropped?.reason).toBe('older-version');
  });

  it('is refused one that is older than what the environment runs: that is a rollback', () => {
    const lane = laneThatRan('1.1.0', '1.2.0');
    expect(lane.act('promote', '1.1.0').answer).toEqual({
      refused:
        'staging has 1.2.0, which is newer than 1.1.0: use windlass rollback, for a version that it has run.',
    });
    expect(fault(lane.state, 'promote', '1.2.0')).toBeUndefined();
    expect(fault(lane.state, 'promote', '1.3.0')).toBeUndefined();
    expect(fault(lane.state, 'promote', '0.0.0-9f3a1b2')).toMatch(/^staging has 1\.2\.0/);
    expect(fault(lane.state, 'promote', 'main-9f3a1b2')).toBeUndefined();
  });

  it('is refused one that is older than what one of several targets runs, or than what is merged', () => {
    const lane = laneThatRan('1.1.0');
    lane.runs('1.3.0', { reporter: 'uid-other' });
    expect(fault(lane.state, 'promote', '1.2.0')).toMatch(/^staging has 1\.3\.0/);
    const merging = laneThatRan('1.1.0');
    merging.report('1.3.0');
    merging.proposed();
    merging.merged();
    expect(fault(merging.state, 'promote', '1.2.0')).toMatch(/^staging has 1\.3\.0/);
  });

  it('gets a held version that is older, but not the one that a rollback asked for', () => {
    const lane = laneThatRan('1.1.0', '1.2.0');
    lane.act('rollback', '1.1.0');
    lane.proposed();
    lane.ended({ state: 'closed', ...pullRequest, by: 'bob' });
    expect(heldIn(lane)).toContain('1.1.0');
    expect(fault(lane.state, 'promote', '1.1.0')).toMatch(/^staging has 1\.2\.0/);
    const held = laneThatRan('1.1.0');
    held.report('1.2.0');
    held.proposed();
    held.ended({ state: 'closed', ...pullRequest, by: 'bob' });
    held.runs('1.3.0');
    expect(fault(held.state, 'promote', '1.2.0')).toBeUndefined();
  });

  it('has the source named where the lane does not know it', () => {
    const lane = openActingLane();
    expect(lane.act('promote', '1.1.0').answer).toEqual({
      refused: 'The lane into staging does not know the environment before it: name it as "source".',
    });
    lane.act('promote', '1.1.0', { source: 'dev' });
    expect(lane.tasks.map(({ from }) => from)).toEqual(['dev']);
  });
});

it('a held version is promoted as its target reported it, when someone asks for it', () => {
  const lane = openActingLane();
  lane.report('1.1.0');
  lane.proposed();
  lane.ended({ state: 'closed', ...pullRequest, by: 'bob' });
  lane.act('promote', '1.1.0', { capability: 'token' });
  expect(heldIn(lane)).toEqual([]);
  const [first, again] = lane.tasks;
  expect(again).toMatchObject({
    event: first?.event,
    start: 'again',
    requestedBy: ['oidc:alice'],
    request: { kind: 'promote', capability: 'token' },
  });
});

describe('the same act', () => {
  it('is done once', () => {
    const lane = laneThatRan('1.1.0');
    lane.act('promote', '1.2.0', { key: keyNumber(7) });
    const step = lane.act('promote', '1.2.0', { key: keyNumber(7) });
    expect(step.answer).toMatchObject({ repeated: true });
    expect(lane.started).toEqual(['promote 1.1.0', 'promote 1.2.0']);
    expect(lane.state.records?.filter(({ kind }) => kind === 'promote-requested')).toHaveLength(1);
  });

  it('is not refused either, when it could not be done any more', () => {
    const lane = laneThatRan('1.1.0');
    lane.act('promote', '1.2.0', { key: keyNumber(7) });
    expect(fault(lane.state, 'promote', '1.2.0', { key: keyNumber(7) })).toBeUndefined();
    expect(fault(lane.state, 'promote', '1.2.0', { key: keyNumber(8) })).toBe(
      '1.2.0 into staging is in progress already.',
    );
  });

  it('can be asked for again after it was refused', () => {
    const lane = laneThatRan('1.1.0');
    lane.act('rollback', '1.0.0', { key: keyNumber(7) });
    lane.runs('1.0.0');
    expect(lane.act('rollback', '1.0.0', { key: keyNumber(7) }).answer).not.toHaveProperty('repeated');
  });

  it('is known among the last 256', () => {
    const lane = laneThatRan('1.1.0');
    for (let n = 0; n < 300; n += 1)
      lane.act('cancel', lane.state.inHand?.version ?? '1.9.9', { key: keyNumber(1000 + n) });
    lane.act('promote', '1.2.0');
    for (let n = 0; n < 300; n += 1) lane.act('cancel', '1.2.0', { key: keyNumber(2000 + n) });
    expect(lane.state.acts).toHaveLength(256);
  });
});

describe('a rollback', () => {
  it('lowers the version, and ends as deployed when the environment runs it', () => {
    const lane = laneThatRan('1.1.0', '1.2.0');
    const step = lane.act('rollback', '1.1.0');
    expect(step.answer).toEqual({
      said: 'Rolling staging back to 1.1.0. Held until someone asks for them: 1.2.0.',
    });
    lane.proposed();
    lane.merged();
    expect(lane.runs('1.1.0').tell).toMatchObject([
      { task: { version: '1.1.0' }, news: { type: 'deployed' } },
    ]);
    lane.ended({ state: 'deployed' }, lane.state.settling?.task);
    expect(lane.state.outcomes.map(({ version, state }) => `${version} ${state}`)).toEqual([
      '1.1.0 deployed',
      '1.2.0 deployed',
      '1.1.0 deployed',
    ]);
    expect(lane.state.held).toMatchObject([{ version: '1.2.0', because: 'rolled-back', by: 'oidc:alice' }]);
    expect(lane.started).toEqual(['promote 1.1.0', 'promote 1.2.0', 'rollback 1.1.0']);
  });

  it('names the versions that are possible, where another one is asked for', () => {
    const lane = laneThatRan('1.1.0', '1.2.0');
    expect(lane.act('rollback', '1.0.0').answer).toEqual({
      refused: 'staging cannot be rolled back to 1.0.0: it has run 1.2.0, 1.1.0.',
    });
    expect(fault(openActingLane().state, 'rollback', '1.0.0')).toBe(
      'staging cannot be rolled back to 1.0.0: it has not reported any version.',
    );
  });

  it('writes the version as its source reports it, whatever the environment calls it', () => {
    const lane = openActingLane();
    lane.report('v1.1.0', { revision: 'v1.1.0+0123456789ab', ociDigest: 'sha256:ab' });
    lane.deploy('1.1.0');
    lane.report('v1.2.0');
    lane.deploy('1.2.0');
    lane.act('rollback', 'v1.1.0');
    expect(lane.tasks.at(-1)).toMatchObject({
      version: 'v1.1.0',
      event: { version: 'v1.1.0', revision: 'v1.1.0+0123456789ab', ociDigest: 'sha256:ab' },
    });
    expect(heldIn(lane)).toEqual(['v1.2.0']);
  });

  it('takes the place of what acts and what waits, and holds both', () => {
    const lane = laneThatRan('1.1.0', '1.2.0');
    lane.report('1.3.0', { supersede: 'queue' });
    lane.report('1.4.0', { supersede: 'queue' });
    const { leftQueue } = lane.act('rollback', '1.1.0');
    expect(leftQueue).toMatchObject([{ version: '1.4.0', reason: 'held' }]);
    expect([...heldIn(lane)].sort()).toEqual(['1.2.0', '1.3.0', '1.4.0']);
    expect(lane.started.at(-1)).toBe('rollback 1.1.0');
    expect(lane.state.queue).toBeUndefined();
  });

  it('holds what was merged in the same moment', () => {
    const lane = laneThatRan('1.1.0', '1.2.0');
    lane.report('1.3.0');
    lane.proposed();
    const merging = lane.state.inHand!;
    // As in the workflow, where the promotion answers later than that.
    const asked = transition(lane.state, {
      type: 'act',
      act: act('rollback', '1.1.0', { at: lane.now }),
    }).state;
    const merge = openActingLane(asked);
    merge.put({
      type: 'news',
      of: { action: 'promote', version: merging.version, identity: merging.event.identity },
      news: { stage: 'merged', at: lane.now },
    });
    expect(merge.started).toEqual(['rollback 1.1.0']);
    expect(heldIn(merge)).toContain('1.3.0');
    merge.deploy('1.1.0');
    const again = { at: lane.now + 60_000, release: (lane.now + 60_000) / 1_000 };
    expect(merge.report('1.3.0', again).dropped?.reason).toBe('held');
  });

  it('of what settles lets it end, and lowers the version after it', () => {
    const lane = laneThatRan('1.1.0');
    // Of a target that is gone: it never reports anything else.
    lane.runs('1.1.0', { reporter: 'uid-gone' });
    lane.report('1.2.0');
    lane.proposed();
    lane.merged();
    lane.act('rollback', '1.1.0');
    // The merge of 1.2.0 arrives in the environment first.
    expect(lane.runs('1.2.0').tell).toMatchObject([
      { task: { version: '1.2.0' }, news: { type: 'deployed' } },
    ]);
    lane.ended({ state: 'deployed' }, lane.state.settling?.task);
    expect(lane.steps.some(({ laterRollback }) => laterRollback !== undefined)).toBe(false);
    lane.deploy('1.1.0');
    expect(lane.state.outcomes[0]).toMatchObject({ version: '1.1.0', state: 'deployed' });
    expect(heldIn(lane)).toEqual(['1.2.0']);
  });

  it('is not undone by what the source reports again, or by anything older than that', () => {
    const lane = laneThatRan('1.1.0', '1.2.0', '1.4.0');
    lane.act('rollback', '1.1.0');
    lane.deploy('1.1.0');
    expect(lane.report('1.4.0').dropped?.reason).toBe('held');
    expect(lane.report('1.3.0').dropped?.reason).toBe('held');
    expect(lane.report('v1.4.0').dropped?.reason).toBe('held');
    expect(lane.started.at(-1)).toBe('rollback 1.1.0');
  });

  it('is over with a newer version than those before', () => {
    const lane = laneThatRan('1.1.0', '1.2.0');
    lane.act('rollback', '1.1.0');
    lane.deploy('1.1.0');
    lane.report('1.3.0');
    lane.deploy('1.3.0');
    expect(heldIn(lane)).toEqual([]);
    expect(lane.started.at(-1)).toBe('promote 1.3.0');
  });

  it('is over with a request', () => {
    const lane = laneThatRan('1.1.0', '1.2.0');
    lane.act('rollback', '1.1.0');
    lane.deploy('1.1.0');
    lane.act('promote', '1.2.0');
    lane.deploy('1.2.0');
    expect(heldIn(lane)).toEqual([]);
  });

  it.each(['queue', undefined] as const)(
    'lets newer versions wait until it is merged (supersede: %s)',
    (supersede) => {
      const overrides = supersede === undefined ? {} : { supersede };
      const lane = laneThatRan('1.1.0', '1.2.0');
      lane.act('rollback', '1.1.0');
      lane.report('1.3.0', overrides);
      lane.report('1.4.0', overrides);
      expect(lane.started.at(-1)).toBe('rollback 1.1.0');
      lane.proposed();
      lane.merged();
      expect(lane.started.at(-1)).toBe(supersede === 'queue' ? 'promote 1.3.0' : 'promote 1.4.0');
    },
  );

  it('is not withdrawn because Helm rolls the source back', () => {
    const lane = laneThatRan('1.1.0', '1.2.0');
    lane.act('rollback', '1.1.0');
    lane.report('1.3.0');
    lane.report('1.0.0', { kind: 'rolled-back' });
    expect(lane.state.inHand?.request?.kind).toBe('rollback');
    expect(lane.state.queue).toBeUndefined();
  });

  it('gives way to a version that someone asks for, and is not queued again', () => {
    const lane = laneThatRan('1.1.0', '1.2.0');
    lane.report('1.3.0', { supersede: 'queue' });
    lane.act('rollback', '1.1.0');
    lane.act('promote', '1.2.0');
    expect([lane.started.at(-1), lane.state.queue]).toEqual(['promote 1.2.0', undefined]);
  });

  it('that is in progress is not asked for again, and one to another version takes its place', () => {
    const lane = laneThatRan('1.1.0', '1.2.0', '1.3.0');
    lane.act('rollback', '1.2.0');
    expect(fault(lane.state, 'rollback', '1.2.0')).toBe(
      'The rollback of staging to 1.2.0 is in progress already.',
    );
    lane.act('rollback', '1.1.0');
    expect(lane.started.slice(-2)).toEqual(['rollback 1.2.0', 'rollback 1.1.0']);
    expect([...heldIn(lane)].sort()).toEqual(['1.2.0', '1.3.0']);
  });

  it('to a version that is held releases it', () => {
    const lane = laneThatRan('1.1.0', '1.2.0', '1.3.0');
    lane.act('rollback', '1.1.0');
    lane.deploy('1.1.0');
    lane.act('rollback', '1.2.0');
    expect(lane.started.at(-1)).toBe('rollback 1.2.0');
    expect(heldIn(lane)).toEqual(['1.3.0']);
  });

  it('holds a newer version that failed, so that a retry does not bring it', () => {
    const lane = laneThatRan('1.1.0', '1.2.0');
    lane.report('1.3.0');
    lane.ended(failed);
    lane.act('rollback', '1.1.0');
    lane.deploy('1.1.0');
    expect(heldIn(lane)).toContain('1.3.0');
    expect(fault(lane.state, 'retry')).toBe('Nothing to retry: no promotion into staging has failed last.');
  });

  it('tells the next lane, where there is one', () => {
    const lane = laneThatRan('1.1.0', '1.2.0');
    expect(lane.act('rollback', '1.1.0', { next: 'prod', at: 5 }).notOnward).toEqual({
      environment: 'prod',
      to: { version: '1.1.0', at: 5 },
    });
    expect(lane.act('rollback', '1.2.0').notOnward).toBeUndefined();
  });
});

describe('what the source was rolled back to', () => {
  /** dev was rolled back from 1.3.0 to 1.2.0. */
  const lane = (): Lane => {
    const open = laneThatRan('1.2.0', '1.3.0');
    open.put({ type: 'not-onward', to: { version: '1.2.0', at: open.now } });
    return open;
  };

  it('is not promoted', () => {
    const onward = lane();
    onward.report('1.2.0');
    expect(onward.started.filter((each) => each.startsWith('promote'))).toEqual([
      'promote 1.2.0',
      'promote 1.3.0',
    ]);
  });

  it('is not promoted by a target that reports the newer one in between', () => {
    const onward = lane();
    const before = onward.started.length;
    onward.report('1.3.0', { reporter: 'uid-b' });
    onward.report('1.2.0', { reporter: 'uid-b' });
    expect(onward.started.slice(before)).not.toContain('promote 1.2.0');
  });

  it('has the pull request of the newer one withdrawn', () => {
    const open = laneThatRan('1.2.0');
    open.report('1.3.0');
    open.proposed();
    open.put({ type: 'not-onward', to: { version: '1.2.0', at: open.now } });
    open.report('1.2.0');
    expect(open.started.at(-1)).toBe('withdraw 1.3.0');
  });

  it('is dropped for that reason, where there is nothing to withdraw', () => {
    const onward = lane();
    onward.report('1.2.0');
    onward.ended({ state: 'withdrawn' });
    expect(onward.report('1.2.0').dropped?.reason).toBe('not-onward');
  });

  it('holds nothing back that is newer, and counts as usual after that', () => {
    const onward = lane();
    onward.report('1.2.0');
    onward.ended({ state: 'withdrawn' });
    onward.report('1.4.0');
    onward.deploy('1.4.0');
    expect(onward.started.at(-1)).toBe('promote 1.4.0');
    expect(onward.state.notOnward).toBeUndefined();
    onward.report('1.2.0');
    expect(onward.started.at(-1)).toBe('promote 1.2.0');
  });

  it('is kept for ten rollbacks at most', () => {
    const onward = lane();
    for (let n = 0; n < 30; n += 1) onward.put({ type: 'not-onward', to: { version: `0.${n}.0`, at: n } });
    expect(onward.state.notOnward).toHaveLength(10);
  });
});

describe('a retry', () => {
  it('runs the last failed promotion again', () => {
    const lane = openActingLane();
    lane.report('1.1.0');
    lane.ended(failed);
    expect(lane.act('retry').answer).toEqual({
      said: 'Running the promotion of 1.1.0 into staging again.',
      version: '1.1.0',
    });
    expect(lane.started).toEqual(['promote 1.1.0', 'promote 1.1.0']);
  });

  it('is refused where nothing has failed', () => {
    expect(laneThatRan('1.1.0').act('retry').answer).toEqual({
      refused: 'Nothing to retry: no promotion into staging has failed last.',
    });
  });
});

describe('cancelling', () => {
  it('is for the promotion in progress', () => {
    const lane = openActingLane();
    lane.report('1.1.0');
    const step = lane.act('cancel', '1.1.0');
    expect([step.cancel?.version, step.answer]).toEqual([
      '1.1.0',
      { said: 'Cancelling the promotion of 1.1.0 into staging. An open pull request stays open.' },
    ]);
  });

  it('is refused for any other version', () => {
    const lane = openActingLane();
    expect(fault(lane.state, 'cancel', '1.1.0')).toBe(
      'Nothing to cancel: 1.1.0 into staging is not in progress, nothing is.',
    );
    lane.report('1.2.0');
    expect(fault(lane.state, 'cancel', '1.1.0')).toBe(
      'Nothing to cancel: 1.1.0 into staging is not in progress, 1.2.0 is.',
    );
  });
});

describe('once a lane has seen a token', () => {
  const vouched = (): LaneState => {
    const lane = openActingLane();
    lane.report('1.1.0', { capability: 'token' });
    lane.deploy('1.1.0');
    return lane.state;
  };

  it('knows so, and leaves it to the workers whether requests need one', () => {
    expect(vouched().vouched).toBe(true);
    expect(openActingLane().state.vouched).toBeUndefined();
    expect(fault(vouched(), 'rollback', '1.1.0')).toBeUndefined();
  });
});

describe('the versions that an environment has run', () => {
  it('are the last 20, the newest report first', () => {
    const lane = openActingLane();
    for (let minor = 1; minor <= 30; minor += 1) lane.runs(`1.${minor}.0`);
    lane.runs('1.20.0');
    const ran = ranOf(lane.state).map(({ version }) => version);
    expect([ran.length, ...ran.slice(0, 3)]).toEqual([20, '1.20.0', '1.30.0', '1.29.0']);
  });

  it('are what a lane knows otherwise, if it is from before it remembered them', () => {
    const { ran, ...old } = laneThatRan('1.1.0', '1.2.0').state;
    expect(ranOf(old).map(({ version }) => version)).toEqual(['1.2.0', '1.1.0']);
  });
});

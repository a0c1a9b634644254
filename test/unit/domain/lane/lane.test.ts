import fc from 'fast-check';
import { type DeploymentEvent } from '../../../../src/domain/event';
import { emptyLane, type LaneState } from '../../../../src/domain/lane/lane-state';
import { takeNext, transition } from '../../../../src/domain/lane/lane';
import { type LaneInput } from '../../../../src/domain/lane/lane-input';
import { type PromotionEnd } from '../../../../src/domain/promotion/promotion';
import { deployment, noon, pipelineRef } from '../../../support/events';

const second = 1000;
const opened: PromotionEnd = {
  state: 'pull-request',
  url: 'https://git.example/pull/1',
  number: 1,
  change: 'created',
  previous: '1.0.0',
};
const failed: PromotionEnd = { state: 'failed', code: 'no-marker', message: 'No marker.' };

const event = (e: DeploymentEvent): LaneInput => ({ type: 'event', event: e });
const ended = (end: PromotionEnd): LaneInput => ({ type: 'ended', end, now: noon });

/** A lane as its workflow drives it: each input is folded in, and the next task taken as soon as none is in hand. */
function drive(inputs: readonly LaneInput[], state: LaneState = emptyLane(pipelineRef, 'staging')) {
  const superseded: string[] = [];
  for (const input of inputs) {
    const step = transition(state, input);
    if (step.supersede !== undefined) superseded.push(step.supersede);
    state = takeNext(step.state).state;
  }
  return { state, superseded, inHand: state.inHand?.version, waiting: state.waiting?.version };
}

describe('an event', () => {
  it('is promoted when the lane is idle', () => {
    const lane = drive([event(deployment({ version: '1.1.0' }))]);
    expect(lane.state.inHand).toMatchObject({
      action: 'promote',
      version: '1.1.0',
      from: 'dev',
      to: 'staging',
      start: 'new',
    });
  });

  it('is dropped when it was delivered before', () => {
    const once = deployment({ version: '1.1.0', release: 1 });
    const lane = drive([event(once), ended(opened), event(once)]);
    expect(lane.inHand).toBeUndefined();
  });

  it('of a newer version waits, and asks the one in hand to make way', () => {
    const lane = drive([
      event(deployment({ version: '1.1.0', release: 1 })),
      event(deployment({ version: '1.2.0', release: 2 })),
    ]);
    expect(lane).toMatchObject({ inHand: '1.1.0', waiting: '1.2.0', superseded: ['1.2.0'] });
  });

  it('replaces one that waits', () => {
    const lane = drive([
      event(deployment({ version: '1.1.0', release: 1 })),
      event(deployment({ version: '1.2.0', release: 2 })),
      event(deployment({ version: '1.3.0', release: 3 })),
      ended({ state: 'superseded', by: '1.2.0' }),
    ]);
    expect(lane).toMatchObject({ inHand: '1.3.0', waiting: undefined });
  });
});

describe('order', () => {
  it('of one target is that of its release numbers, whatever the clock says', () => {
    const lane = drive([
      event(deployment({ version: '1.2.0', release: 8, at: noon })),
      event(deployment({ version: '1.1.0', release: 7, at: noon + 60 * second })),
    ]);
    expect(lane).toMatchObject({ inHand: '1.2.0', waiting: undefined });
  });

  it('of a target without release numbers is that of time', () => {
    const lane = drive([
      event(deployment({ version: '1.2.0', at: noon })),
      event(deployment({ version: '1.1.0', at: noon - second })),
    ]);
    expect(lane.waiting).toBeUndefined();
  });

  it('starts again with an install, since Helm counts from 1 then', () => {
    const lane = drive([
      event(deployment({ version: '1.1.0', release: 9 })),
      ended(opened),
      event(deployment({ version: '1.2.0', release: 1, install: true, at: noon + second })),
    ]);
    expect(lane.inHand).toBe('1.2.0');
  });

  it('puts an install of the same second before the upgrade that overtook it', () => {
    const lane = drive([
      event(deployment({ version: '1.2.0', release: 2 })),
      ended(opened),
      event(deployment({ version: '1.1.0', release: 1, install: true })),
    ]);
    expect(lane.inHand).toBeUndefined();
  });

  it('of two targets whose versions cannot be compared is that of time', () => {
    const lane = drive([
      event(deployment({ version: 'blue', reporter: 'a', at: noon })),
      ended(opened),
      event(deployment({ version: 'green', reporter: 'b', at: noon - second })),
    ]);
    expect(lane.inHand).toBeUndefined();
  });
});

describe('a lower version', () => {
  it('from the target that reported the newer one is a rollback and is promoted', () => {
    const lane = drive([
      event(deployment({ version: '1.2.0', release: 1 })),
      ended(opened),
      event(deployment({ version: '1.1.0', release: 2 })),
    ]);
    expect(lane.inHand).toBe('1.1.0');
  });

  it('from another target is only slow and is ignored', () => {
    const lane = drive([
      event(deployment({ version: '1.2.0', reporter: 'a' })),
      ended(opened),
      event(deployment({ version: '1.1.0', reporter: 'b', at: noon + 60 * second })),
    ]);
    expect(lane.inHand).toBeUndefined();
  });

  it('is no rollback of a version that only the other target ever reported', () => {
    const lane = drive([
      event(deployment({ version: '1.2.0', reporter: 'a', release: 5 })),
      ended(opened),
      event(deployment({ version: '1.3.0', reporter: 'b', release: 5, at: noon + second })),
      ended(opened),
      event(deployment({ version: '1.1.0', reporter: 'a', release: 6, at: noon + 2 * second })),
    ]);
    expect(lane.inHand).toBeUndefined();
  });
});

describe('the same version', () => {
  it('from a second target joins the promotion in hand', () => {
    const lane = drive([
      event(deployment({ version: '1.2.0', reporter: 'a' })),
      event(deployment({ version: '1.2.0', reporter: 'b' })),
    ]);
    expect(lane).toMatchObject({ inHand: '1.2.0', waiting: undefined, superseded: [] });
  });

  it('from a second target is not promoted again afterwards', () => {
    const lane = drive([
      event(deployment({ version: '1.2.0', reporter: 'a' })),
      ended(opened),
      event(deployment({ version: '1.2.0', reporter: 'b' })),
    ]);
    expect(lane.inHand).toBeUndefined();
  });

  it('from a second target is tried when the first one failed', () => {
    const lane = drive([
      event(deployment({ version: '1.2.0', reporter: 'a' })),
      ended(failed),
      event(deployment({ version: '1.2.0', reporter: 'b' })),
    ]);
    expect(lane.inHand).toBe('1.2.0');
  });

  it('deployed once more by its own target is promoted again', () => {
    const lane = drive([
      event(deployment({ version: '1.2.0', release: 1 })),
      ended(opened),
      event(deployment({ version: '1.2.0', release: 2 })),
    ]);
    expect(lane.inHand).toBe('1.2.0');
  });
});

describe('a Helm rollback', () => {
  const upgraded = deployment({ version: '1.2.0', release: 2 });
  const rolledBack = deployment({ version: '1.1.0', kind: 'rolled-back', at: noon + second });

  it('withdraws the version that its target had reported', () => {
    const lane = drive([event(upgraded), ended(opened), event(rolledBack)]);
    expect(lane.state.inHand).toMatchObject({ action: 'withdraw', version: '1.2.0' });
  });

  it('stops the promotion of that version first', () => {
    const lane = drive([event(upgraded), event(rolledBack)]);
    expect(lane.superseded).toEqual(['rollback to 1.1.0']);
    expect(lane.state.waiting).toMatchObject({ action: 'withdraw', version: '1.2.0' });
  });

  it('promotes nothing and withdraws nothing when the failed version was never reported as running', () => {
    const lane = drive([
      event(deployment({ version: '1.1.0', release: 1 })),
      ended(opened),
      event(deployment({ version: '1.1.0', kind: 'rolled-back', at: noon + second })),
    ]);
    expect(lane.inHand).toBeUndefined();
  });

  it('withdraws nothing while another target runs the version', () => {
    const lane = drive([
      event(upgraded),
      event(deployment({ version: '1.2.0', reporter: 'b' })),
      ended(opened),
      event(rolledBack),
    ]);
    expect(lane.inHand).toBeUndefined();
  });

  it('lets the next upgrade through', () => {
    const lane = drive([
      event(upgraded),
      ended(opened),
      event(rolledBack),
      ended({ state: 'withdrawn' }),
      event(deployment({ version: '1.2.1', release: 4, at: noon + 2 * second })),
    ]);
    expect(lane.inHand).toBe('1.2.1');
  });
});

describe('a failed promotion', () => {
  it('lets the lane go on with what waits', () => {
    const lane = drive([
      event(deployment({ version: '1.1.0', release: 1 })),
      event(deployment({ version: '1.2.0', release: 2 })),
      ended(failed),
    ]);
    expect(lane.inHand).toBe('1.2.0');
    expect(lane.state.outcomes).toMatchObject([{ version: '1.1.0', state: 'failed', code: 'no-marker' }]);
  });

  it('runs again by hand, under its old id', () => {
    const lane = drive([event(deployment({ version: '1.1.0' })), ended(failed), { type: 'retry' }]);
    expect(lane.state.inHand).toMatchObject({ version: '1.1.0', start: 'again' });
  });

  it('is forgotten once a later one succeeds', () => {
    const lane = drive([
      event(deployment({ version: '1.1.0', release: 1 })),
      ended(failed),
      event(deployment({ version: '1.2.0', release: 2 })),
      ended(opened),
      { type: 'retry' },
    ]);
    expect(lane.inHand).toBeUndefined();
  });

  it('is not forgotten because another one only made way', () => {
    const lane = drive([
      event(deployment({ version: '1.1.0', release: 1 })),
      ended(failed),
      event(deployment({ version: '1.2.0', release: 2 })),
      ended({ state: 'superseded', by: '1.3.0' }),
      { type: 'retry' },
    ]);
    expect(lane.inHand).toBe('1.1.0');
  });
});

it('a promotion that yielded starts again, its approval kept', () => {
  const lane = drive([event(deployment({ version: '1.1.0' })), ended({ state: 'yielded', approved: true })]);
  expect(lane.state.inHand).toMatchObject({ version: '1.1.0', start: 'again', approved: true });
});

it('a promotion that yielded to a newer version does not come back', () => {
  const lane = drive([
    event(deployment({ version: '1.1.0', release: 1 })),
    event(deployment({ version: '1.2.0', release: 2 })),
    ended({ state: 'yielded', approved: false }),
  ]);
  expect(lane).toMatchObject({ inHand: '1.2.0', waiting: undefined });
});

it('an end that belongs to nothing in hand changes nothing', () => {
  const idle = emptyLane(pipelineRef, 'staging');
  expect(transition(idle, ended(opened)).state).toBe(idle);
});

describe('any order of delivery', () => {
  const releases = fc.shuffledSubarray(
    Array.from({ length: 30 }, (_, i) => i + 1),
    { minLength: 30 },
  );

  it('of one target ends at its newest release', () => {
    fc.assert(
      fc.property(
        releases,
        fc.array(fc.nat({ max: 4 }), { minLength: 40, maxLength: 40 }),
        (order, pauses) => {
          const inputs = order.flatMap((release, i) => [
            event(deployment({ version: `1.${release}.0`, release, at: noon + release * second })),
            ...(pauses[i] === 0 ? [ended(opened)] : []),
          ]);
          const lane = drive([...inputs, ended(opened), ended(opened)]);
          expect(lane.state.newest?.version).toBe('1.30.0');
          expect(lane.state.outcomes[0]).toMatchObject({ version: '1.30.0', state: 'pull-request' });
        },
      ),
    );
  });

  it('keeps the state bounded, and plain data', () => {
    const wide = Array.from({ length: 600 }, (_, i) =>
      event(deployment({ version: `1.${i}.0`, reporter: `uid-${i}`, at: noon + i * second })),
    );
    const { state } = drive(wide.flatMap((input) => [input, ended(opened)]));
    expect(state.recent).toHaveLength(256);
    expect(state.reports).toHaveLength(64);
    expect(state.outcomes).toHaveLength(10);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });
});

import fc from 'fast-check';
import { describeRequest } from '../../../../src/domain/lane/describe-request';
import { queueLimit } from '../../../../src/domain/lane/queue';
import { compareVersions } from '../../../../src/domain/version/compare-versions';
import { openQueueingLane, type Supersede } from '../../../support/queueing-lane';
import { deployment, noon } from '../../../support/events';
import { page, tableBelow } from '../../docs/pages';

type Lane = ReturnType<typeof openQueueingLane>;

interface Row {
  /** As the table in the docs says it. */
  readonly what: string;
  readonly happens: (lane: Lane) => void;
  readonly latest: Expected;
  readonly queue: Expected;
}

interface Expected {
  readonly says: string;
  readonly started: readonly string[];
  readonly queued?: readonly string[];
  readonly left?: readonly string[];
}

const failed = { state: 'failed', code: 'no-marker', message: 'No marker.' } as const;
const reportAll = (lane: Lane, ...versions: readonly string[]): void => {
  for (const version of versions) lane.report(version);
};

/** In each, 1.1.0 acts at first. */
const rows: readonly Row[] = [
  {
    what: 'A newer version is reported',
    happens: (lane) => reportAll(lane, '1.2.0', '1.3.0'),
    latest: { says: 'It supersedes what acts', started: ['1.1.0', '1.2.0', '1.3.0'] },
    queue: {
      says: 'It waits behind what acts and what is queued',
      started: ['1.1.0'],
      queued: ['1.2.0', '1.3.0'],
    },
  },
  {
    what: 'What acts is merged or notified',
    happens: (lane) => {
      lane.report('1.2.0');
      lane.news({ stage: 'merged', at: noon });
      lane.report('1.3.0');
    },
    latest: {
      says: 'The next newer version starts when it is reported',
      started: ['1.1.0', '1.2.0', '1.3.0'],
    },
    queue: { says: 'The oldest queued version starts', started: ['1.1.0', '1.2.0'], queued: ['1.3.0'] },
  },
  {
    what: 'What acts is closed, rejected, fails or expires',
    happens: (lane) => {
      reportAll(lane, '1.2.0', '1.3.0', '1.4.0');
      lane.close();
      lane.end(failed);
    },
    latest: {
      says: 'The next newer version starts when it is reported',
      started: ['1.1.0', '1.2.0', '1.3.0', '1.4.0'],
    },
    queue: {
      says: 'The oldest queued version starts',
      started: ['1.1.0', '1.2.0', '1.3.0'],
      queued: ['1.4.0'],
    },
  },
  {
    what: 'A version that acts or waits is reported again',
    happens: (lane) => {
      lane.report('1.2.0');
      lane.report('1.2.0', { reporter: 'uid-b' });
    },
    latest: { says: 'It joins', started: ['1.1.0', '1.2.0'] },
    queue: { says: 'It joins', started: ['1.1.0'], queued: ['1.2.0'] },
  },
  {
    what: 'An older version is reported by a target that never ran a newer one',
    happens: (lane) => {
      lane.report('1.3.0');
      lane.report('1.2.0', { reporter: 'uid-b' });
    },
    latest: { says: 'It is dropped', started: ['1.1.0', '1.3.0'] },
    queue: { says: 'It is dropped', started: ['1.1.0'], queued: ['1.3.0'] },
  },
  {
    what: 'The source environment goes back to an older version that is newer than what acts',
    happens: (lane) => reportAll(lane, '1.2.0', '1.3.0', '1.2.0'),
    latest: { says: 'It supersedes what acts', started: ['1.1.0', '1.2.0', '1.3.0', '1.2.0'] },
    queue: {
      says: 'What acts continues. Versions above the older one leave the queue; the older one is queued, if it is not already',
      started: ['1.1.0'],
      queued: ['1.2.0'],
      left: ['1.3.0 rolled-back'],
    },
  },
  {
    what: 'The source environment goes back to an older version than what acts',
    happens: (lane) => reportAll(lane, '1.2.0', '1.0.0'),
    latest: { says: 'It supersedes what acts', started: ['1.1.0', '1.2.0', '1.0.0'] },
    queue: {
      says: 'It supersedes what acts, and the queue is emptied',
      started: ['1.1.0', '1.0.0'],
      left: ['1.2.0 rolled-back'],
    },
  },
  {
    what: 'Helm rolls the source environment back from the version that acts',
    happens: (lane) => lane.rollBack('1.0.0'),
    latest: { says: 'The version is withdrawn', started: ['1.1.0', 'withdraw 1.1.0'] },
    queue: {
      says: 'The version is withdrawn, and the queue is emptied',
      started: ['1.1.0', 'withdraw 1.1.0'],
    },
  },
  {
    what: 'Helm rolls the source environment back from a version that waits',
    happens: (lane) => {
      reportAll(lane, '1.2.0', '1.3.0');
      lane.rollBack('1.2.0');
    },
    latest: {
      says: 'Only the newest version waits: it is withdrawn',
      started: ['1.1.0', '1.2.0', '1.3.0', 'withdraw 1.3.0'],
    },
    queue: {
      says: 'The version leaves the queue; what acts continues',
      started: ['1.1.0'],
      queued: ['1.2.0'],
      left: ['1.3.0 rolled-back'],
    },
  },
  {
    what: 'A version that waits becomes held',
    happens: (lane) => {
      const fact = { reporter: 'uid-s', object: 'staging/shop', targets: 1, kind: 'deployed' } as const;
      lane.put(
        lane.event('1.2.0'),
        { type: 'fact', fact: { ...fact, version: '1.2.0', identity: 'a', at: noon } },
        { type: 'fact', fact: { ...fact, version: '1.0.0', identity: 'b', at: noon + 1 } },
      );
    },
    latest: { says: 'It does not start', started: ['1.1.0'] },
    queue: { says: 'It leaves the queue', started: ['1.1.0'], left: ['1.2.0 held'] },
  },
  {
    what: 'Someone asks for a held version',
    happens: (lane) => {
      lane.close();
      reportAll(lane, '1.2.0', '1.3.0');
      lane.put({ type: 'promote', version: '1.1.0' });
    },
    latest: { says: 'It supersedes what acts', started: ['1.1.0', '1.2.0', '1.3.0', '1.1.0'] },
    queue: {
      says: 'It goes first. What acts is queued again and asks for its approvals again, but versions that are older than the one asked for leave',
      started: ['1.1.0', '1.2.0', '1.1.0'],
      queued: ['1.2.0', '1.3.0'],
    },
  },
  {
    what: 'An operator retries the last failed promotion',
    happens: (lane) => {
      lane.report('1.2.0');
      lane.end(failed, { type: 'retry' });
    },
    latest: { says: 'It starts, if no other acts', started: ['1.1.0', '1.2.0', '1.2.0'] },
    queue: {
      says: 'It starts before what is queued, if no other acts',
      started: ['1.1.0', '1.1.0'],
      queued: ['1.2.0'],
    },
  },
  {
    what: 'More than 20 versions wait',
    happens: (lane) => {
      for (let minor = 2; minor <= queueLimit + 2; minor += 1) lane.report(`1.${minor}.0`);
    },
    latest: {
      says: 'Only the newest one waits',
      started: Array.from({ length: queueLimit + 2 }, (_, index) => `1.${index + 1}.0`),
    },
    queue: {
      says: 'The oldest queued version leaves the queue, with an Event',
      started: ['1.1.0'],
      queued: Array.from({ length: queueLimit }, (_, index) => `1.${index + 3}.0`),
      left: ['1.2.0 queue-full'],
    },
  },
];

it.each(rows.flatMap((row) => (['latest', 'queue'] as const).map((mode) => ({ ...row, mode }))))(
  '$what, with $mode',
  ({ happens, mode, ...row }) => {
    const lane = openQueueingLane(mode);
    lane.report('1.1.0');
    happens(lane);
    const { started, queued = [], left = [] } = row[mode];
    expect({ started: lane.started, queue: lane.queue, left: lane.left }).toEqual({
      started,
      queue: queued,
      left,
    });
  },
);

it('the table of the docs has these rows, and no others', () => {
  expect(tableBelow(page('docs/gates.md'), 'Newer versions')).toEqual(
    rows.map(({ what, latest, queue }) => [what, latest.says, queue.says]),
  );
});

describe('the setting', () => {
  it('counts with the next event: that empties the queue', () => {
    const lane = openQueueingLane('queue');
    reportAll(lane, '1.1.0', '1.2.0', '1.3.0');
    lane.change('latest');
    lane.report('1.4.0');
    expect([lane.acts, lane.queue, lane.left]).toEqual([
      '1.4.0',
      [],
      ['1.2.0 superseded', '1.3.0 superseded'],
    ]);
  });

  it('counts also for a version that is queued, when it is reported again', () => {
    const lane = openQueueingLane('queue');
    reportAll(lane, '1.1.0', '1.2.0', '1.3.0');
    lane.change('latest');
    lane.report('1.3.0', { reporter: 'uid-b' });
    expect([lane.acts, lane.queue, lane.left]).toEqual(['1.3.0', [], ['1.2.0 superseded']]);
  });
});

it('a version that is queued cannot be asked for, and the answer says so', () => {
  const lane = openQueueingLane('queue');
  reportAll(lane, '1.1.0', '1.2.0');
  expect(describeRequest(lane.state, '1.2.0')).toBe(
    'Nothing to promote: 1.2.0 waits in the queue of staging.',
  );
});

it('a version that becomes held in the queue can be asked for', () => {
  const lane = openQueueingLane('queue');
  lane.report('1.1.0');
  rows.find(({ what }) => what.includes('becomes held'))?.happens(lane);
  lane.put({ type: 'promote', version: '1.2.0' });
  expect(lane.acts).toBe('1.2.0');
});

it('what was queued again, because another one went first, does not start once it is merged all the same', () => {
  const lane = openQueueingLane('queue');
  lane.report('1.1.0');
  lane.close();
  lane.report('1.2.0');
  const merged = lane.state.inHand!;
  lane.put(
    { type: 'promote', version: '1.1.0' },
    { type: 'news', of: { ...merged, identity: merged.event.identity }, news: { stage: 'merged', at: noon } },
  );
  expect(lane.queue).toEqual([]);
});

it('a version from which Helm went back to a newer one is withdrawn, too', () => {
  const lane = openQueueingLane('queue');
  lane.report('1.1.0');
  lane.rollBack('1.2.0');
  expect(lane.started).toEqual(['1.1.0', 'withdraw 1.1.0']);
});

it('a deployment that joins counts as reported by its target', () => {
  const lane = openQueueingLane('queue');
  reportAll(lane, '1.1.0', '1.2.0');
  lane.put({
    type: 'event',
    event: deployment({ version: '1.1.0', reporter: 'uid-b', supersede: 'queue', at: noon + 9000 }),
  });
  expect(lane.state.dropped?.[0]?.reason).toBe('same-version');
  expect(lane.state.reports.map(({ reporter }) => reporter)).toEqual(['uid-a', 'uid-b']);
});

describe('whatever comes in whatever order', () => {
  const version = fc.integer({ min: 1, max: 40 }).map((minor) => `1.${minor}.0`);
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('next' as const), reporter: fc.constantFrom('uid-a', 'uid-b') }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constantFrom(
          'back' as const,
          'roll-back' as const,
          'request' as const,
          'promote' as const,
          'rollback' as const,
        ),
        version,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constantFrom('merged' as const, 'closed' as const, 'failed' as const, 'retry' as const),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('change' as const),
        to: fc.constantFrom<Supersede>('latest', 'queue'),
      }),
    },
  );

  type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

  const drive = (lane: Lane, each: Step, next: () => string): void => {
    if (each.do === 'next') lane.report(next(), { reporter: each.reporter });
    if (each.do === 'back') lane.report(each.version);
    if (each.do === 'roll-back') lane.rollBack(each.version);
    if (each.do === 'request') lane.put({ type: 'promote', version: each.version });
    if (each.do === 'promote' || each.do === 'rollback') lane.act(each.do, each.version);
    if (each.do === 'merged') lane.news({ stage: 'merged', at: noon });
    if (each.do === 'closed') lane.close();
    if (each.do === 'failed') lane.end(failed);
    if (each.do === 'retry') lane.put({ type: 'retry' });
    if (each.do === 'change') lane.change(each.to);
  };

  it('the queue is bounded, in order, holds nothing held, and the lane never rests while it is not empty', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const lane = openQueueingLane('queue');
        let minor = 0;
        for (const each of steps) {
          drive(lane, each, () => `1.${(minor += 1)}.0`);
          const { queue } = lane;
          expect(queue.length).toBeLessThanOrEqual(queueLimit);
          expect(lane.state.queue?.length).not.toBe(0);
          expect(queue.length === 0 || lane.acts !== undefined).toBe(true);
          const heldNow = (lane.state.held ?? []).map((one) => one.version);
          expect(queue.filter((one) => heldNow.includes(one))).toEqual([]);
          expect(queue).toEqual([...queue].sort((a, b) => compareVersions(a, b) ?? 0));
          expect(JSON.parse(JSON.stringify(lane.state))).toEqual(lane.state);
        }
      }),
    );
  });

  it('each version of a queue is started once and in order, unless it left it for a reason', () => {
    const calm = fc.array(fc.constantFrom('next', 'merged', 'closed', 'failed', 'again'), { maxLength: 80 });
    fc.assert(
      fc.property(calm, (steps) => {
        const lane = openQueueingLane('queue');
        const reported: string[] = [];
        for (const each of steps) {
          if (each === 'next') {
            reported.push(`1.${reported.length + 1}.0`);
            lane.report(reported.at(-1)!);
          }
          if (each === 'again' && reported.length > 0) lane.report(reported.at(-1)!, { reporter: 'uid-b' });
          if (each === 'merged') lane.news({ stage: 'merged', at: noon });
          if (each === 'closed') lane.close();
          if (each === 'failed') lane.end({ state: 'expired', afterMs: 1 });
        }
        const left = lane.left.map((one) => one.replace(' queue-full', ''));
        while (lane.acts !== undefined) lane.news({ stage: 'merged', at: noon });
        expect(lane.started).toEqual(reported.filter((one) => !left.includes(one)));
      }),
    );
  });
});

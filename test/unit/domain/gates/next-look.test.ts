import { type ClosedGate, nextLook } from '../../../../src/domain/gates/evaluate';
import { type GateChange } from '../../../../src/domain/gates/gate';
import { noon } from '../../../support/events';

type Closed = Pick<ClosedGate, 'until' | 'progress'>;
const closedUntil = (until: GateChange): Closed => ({ until });

const expiring = (changesAt?: number): Closed => ({
  ...closedUntil('approvals'),
  progress: { standing: '1 of 2.', ...(changesAt === undefined ? {} : { changesAt }) },
});

const rechecks = { pipelineMs: 5_000, timeMs: 600_000 };

it.each<readonly [GateChange[], number | undefined, number | undefined]>([
  [['approval'], undefined, undefined],
  [['pipeline'], undefined, 5_000],
  [['approval', 'pipeline'], undefined, 5_000],
  [[{ at: noon + 60_000 }], undefined, 60_000],
  [[{ at: noon + 60_000 }, 'approval', { at: noon + 30_000 }], undefined, 30_000],
  [[{ at: noon + 60_000 }, 'pipeline'], undefined, 5_000],
  [[{ at: noon }], undefined, 1],
  [['others'], undefined, 600_000],
  [['others', 'approval', 'pipeline'], undefined, 5_000],
  // An edit may open it earlier.
  [[{ at: noon + 86_400_000 }], undefined, 600_000],
  // A window may close while the promotion waits for its approval.
  [['approval'], noon + 86_400_000, 86_400_000],
  [['approval', { at: noon + 60_000 }], noon + 30_000, 30_000],
  [['approval'], noon - 1, 1],
])(
  'with gates that are closed until %j, and open ones until %s, looks again after %s ms',
  (until, end, ms) => {
    expect(nextLook(until.map(closedUntil), noon, rechecks, end)).toBe(ms);
  },
);

it.each<readonly [number | undefined, number | undefined]>([
  [undefined, undefined],
  [noon + 86_400_000, 86_400_000],
  [noon - 1, 1],
])('with approvals of which the first expires at %s, looks again after %s ms', (changesAt, ms) => {
  expect(nextLook([expiring(changesAt)], noon, rechecks)).toBe(ms);
});

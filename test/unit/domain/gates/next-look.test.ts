import { type ClosedGate, nextLook } from '../../../../src/domain/gates/evaluate';
import { type GateChange } from '../../../../src/domain/gates/gate';
import { noon } from '../../../support/events';

const closedUntil = (until: GateChange): ClosedGate => ({
  open: false,
  until,
  because: { said: ['Closed.'] },
  shownAs: 'suspended',
});

it.each<readonly [GateChange[], number | undefined]>([
  [['approval'], undefined],
  [['pipeline'], 5_000],
  [['approval', 'pipeline'], 5_000],
  [[{ at: noon + 60_000 }], 60_000],
  [[{ at: noon + 60_000 }, 'approval', { at: noon + 30_000 }], 30_000],
  [[{ at: noon + 60_000 }, 'pipeline'], 5_000],
  [[{ at: noon }], 1],
])('with gates that are closed until %j, looks again after %s ms', (until, ms) => {
  expect(nextLook(until.map(closedUntil), noon, 5_000)).toBe(ms);
});

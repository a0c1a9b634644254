import { transition } from '../../../../src/domain/lane/lane';
import { emptyLane, type LaneState } from '../../../../src/domain/lane/lane-state';
import { deployment, pipelineRef } from '../../../support/events';

const first = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const second = '00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01';
const empty = emptyLane(pipelineRef, 'staging');
const event = deployment({ version: '1.1.0' });

const after = (state: LaneState, sent: typeof event, traceparent?: string) =>
  transition(state, { type: 'event', event: sent, ...(traceparent === undefined ? {} : { traceparent }) });

it('a promotion has the trace of the event that led to it', () => {
  expect(after(empty, event, first).state.waiting).toMatchObject({ version: '1.1.0', traceparent: first });
});

it('so has one that waits behind another', () => {
  const queued = deployment({ version: '1.2.0', supersede: 'queue' });
  const busy = {
    ...empty,
    ...after(empty, deployment({ version: '1.1.0', supersede: 'queue' }), first).state,
  };
  const { queue = [] } = after(busy, queued, second).state;
  expect(queue.map(({ version, traceparent }) => [version, traceparent])).toEqual([
    ['1.1.0', first],
    ['1.2.0', second],
  ]);
});

it('the same event in another trace is the same event, and the promotion stays in its first one', () => {
  const { state } = after(empty, event, first);
  const again = after(state, event, second);
  expect(again.dropped?.reason).toBe('duplicate');
  expect(again.state.waiting?.traceparent).toBe(first);
});

it('a lane decides the same with and without traces', () => {
  const { state } = after(empty, event, first);
  const { traceparent, ...waiting } = { traceparent: undefined, ...state.waiting };
  expect({ ...state, waiting }).toEqual(after(empty, event).state);
});

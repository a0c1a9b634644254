import { type InjectedSinks } from '@temporalio/worker';
import { Counter, Histogram, type Registry } from 'prom-client';
import { overridableGates } from '../domain/gates/registry';
import { noticeKinds } from '../domain/notices/notice';
import { dropReasons } from '../domain/lane/dropped-event';
import { type NoticeSinks } from '../workflows/notice';
import { type PromotionSinks } from '../workflows/telemetry';

const [second, minute, hour, day] = [1, 60, 3_600, 86_400];
/** An attempt takes seconds, a review hours or weeks. */
const stepBuckets = [
  ...[1, 5, 15].map((n) => n * second),
  ...[1, 5, 15].map((n) => n * minute),
  ...[1, 4, 12].map((n) => n * hour),
  ...[1, 3, 7, 30].map((n) => n * day),
];

/** Counts how promotions end and which attempts fail; registered once per process. */
export function createPromotionSinks(registry: Registry): InjectedSinks<PromotionSinks & NoticeSinks> {
  const promotions = new Counter({
    name: 'windlass_promotions_total',
    help: 'Promotions that reached a terminal state.',
    labelNames: ['strategy', 'result'],
    registers: [registry],
  });
  // A counter that first appears with its first failure hides that failure from rate() and increase().
  for (const strategy of ['pull-request', 'notification'] as const) {
    for (const result of ['failed', 'quarantined']) promotions.inc({ strategy, result }, 0);
  }
  const failedAttempts = new Counter({
    name: 'windlass_promotion_failed_attempts_total',
    help: 'Attempts of a promotion that failed for a classified reason.',
    labelNames: ['strategy', 'code'],
    registers: [registry],
  });
  const steps = new Histogram({
    name: 'windlass_promotion_step_duration_seconds',
    help: 'Time that the steps of promotions took, by environment promoted into: propose (from the event), merge, deploy.',
    labelNames: ['strategy', 'environment', 'step'],
    buckets: stepBuckets,
    registers: [registry],
  });
  const overrides = new Counter({
    name: 'windlass_gates_overridden_total',
    help: 'Gates that people opened for one promotion.',
    labelNames: ['gate'],
    registers: [registry],
  });
  for (const gate of overridableGates) overrides.inc({ gate }, 0);
  const mergesOutsideGates = new Counter({
    name: 'windlass_merges_outside_gates_total',
    help: 'Pull requests that were merged while gates were closed.',
    registers: [registry],
  });
  const droppedEvents = new Counter({
    name: 'windlass_lane_dropped_events_total',
    help: 'Accepted events that a lane did not promote.',
    labelNames: ['reason'],
    registers: [registry],
  });
  for (const reason of Object.keys(dropReasons)) droppedEvents.inc({ reason }, 0);
  const notices = new Counter({
    name: 'windlass_notices_total',
    help: 'Notices for people: given to the notification-controller, or given up.',
    labelNames: ['kind', 'result'],
    registers: [registry],
  });
  for (const kind of Object.keys(noticeKinds)) notices.inc({ kind, result: 'failed' }, 0);
  return {
    notices: {
      ended: { fn: (_info, kind, result) => notices.inc({ kind, result }), callDuringReplay: false },
    },
    lanes: {
      eventDropped: { fn: (_info, reason) => droppedEvents.inc({ reason }), callDuringReplay: false },
    },
    promotions: {
      ended: {
        fn: (_info, strategy, result) => promotions.inc({ strategy, result }),
        callDuringReplay: false,
      },
      gateOverridden: { fn: (_info, gate) => overrides.inc({ gate }), callDuringReplay: false },
      mergedOutsideGates: { fn: () => mergesOutsideGates.inc(), callDuringReplay: false },
      stepDone: {
        fn: (_info, strategy, environment, step, seconds) =>
          steps.observe({ strategy, environment, step }, seconds),
        callDuringReplay: false,
      },
      attemptFailed: {
        fn: (_info, strategy, code) => failedAttempts.inc({ strategy, code }),
        callDuringReplay: false,
      },
    },
  };
}

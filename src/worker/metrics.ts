import { type InjectedSinks } from '@temporalio/worker';
import { Counter, type Registry } from 'prom-client';
import { dropReasons } from '../domain/lane/dropped-event';
import { type PromotionSinks } from '../workflows/telemetry';

/** Counts how promotions end and which attempts fail; registered once per process. */
export function createPromotionSinks(registry: Registry): InjectedSinks<PromotionSinks> {
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
  const droppedEvents = new Counter({
    name: 'windlass_lane_dropped_events_total',
    help: 'Accepted events that a lane did not promote.',
    labelNames: ['reason'],
    registers: [registry],
  });
  for (const reason of Object.keys(dropReasons)) droppedEvents.inc({ reason }, 0);
  return {
    lanes: {
      eventDropped: { fn: (_info, reason) => droppedEvents.inc({ reason }), callDuringReplay: false },
    },
    promotions: {
      ended: {
        fn: (_info, strategy, result) => promotions.inc({ strategy, result }),
        callDuringReplay: false,
      },
      attemptFailed: {
        fn: (_info, strategy, code) => failedAttempts.inc({ strategy, code }),
        callDuringReplay: false,
      },
    },
  };
}

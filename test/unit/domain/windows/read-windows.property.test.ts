/** The calculation against one that knows nothing of it: every minute of a few days, one by one. */
import fc from 'fast-check';
import { readWindows } from '../../../../src/domain/windows/read-windows';
import { type Window } from '../../../../src/domain/windows/window';

const minute = 60_000;
const start = Date.UTC(2026, 10, 27);
const minutes = 6 * 24 * 60;

interface Plan {
  readonly window: Window;
  readonly startsAt: (date: Date) => boolean;
}

const numbers = (max: number): fc.Arbitrary<readonly number[] | undefined> =>
  fc.option(fc.uniqueArray(fc.integer({ min: 0, max }), { minLength: 1, maxLength: 3 }), { nil: undefined });

/** In UTC, where the fields of a date are those of cron. */
const plans = fc
  .record({
    kind: fc.constantFrom('allow' as const, 'allow' as const, 'deny' as const),
    atMinutes: fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 3 }),
    hours: numbers(23),
    weekdays: numbers(6),
    durationMinutes: fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 2 * 24 * 60 })),
  })
  .map(({ kind, atMinutes, hours, weekdays, durationMinutes }): Plan => {
    const field = (values: readonly number[] | undefined): string => values?.join(',') ?? '*';
    return {
      window: {
        kind,
        schedule: `${field(atMinutes)} ${field(hours)} * * ${field(weekdays)}`,
        durationMs: durationMinutes * minute,
        timeZone: 'UTC',
      },
      startsAt: (date) =>
        atMinutes.includes(date.getUTCMinutes()) &&
        (hours?.includes(date.getUTCHours()) ?? true) &&
        (weekdays?.includes(date.getUTCDay()) ?? true),
    };
  });

/** Whether promotions may be made in each minute from `start`. */
function minuteByMinute(made: readonly Plan[]): readonly boolean[] {
  const before = 3 * 24 * 60;
  const held = made.map(({ window, startsAt }) => {
    let endsAt = -Infinity;
    return Array.from({ length: before + minutes }, (_, i) => {
      const at = start + (i - before) * minute;
      if (startsAt(new Date(at))) endsAt = at + window.durationMs;
      return at < endsAt;
    }).slice(before);
  });
  const any = (kind: Window['kind'], i: number): boolean =>
    made.some(({ window }, n) => window.kind === kind && held[n]![i]);
  const allows = made.some(({ window }) => window.kind === 'allow');
  return Array.from({ length: minutes }, (_, i) => (!allows || any('allow', i)) && !any('deny', i));
}

it('agrees with every minute up to the next change', () => {
  fc.assert(
    fc.property(
      fc.array(plans, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 0, max: 2 * 24 * 60 }),
      fc.integer({ min: 0, max: minute - 1 }),
      (made, nowMinute, ms) => {
        const open = minuteByMinute(made);
        const now = start + nowMinute * minute + ms;
        const reading = readWindows(
          made.map(({ window }) => window),
          now,
        )!;
        expect(reading.open).toBe(open[nowMinute]);
        const indexOf = (at: number | undefined): number =>
          Math.min(minutes, at === undefined ? minutes : (at - start) / minute);
        const opens = reading.open ? nowMinute : indexOf(reading.opensAt);
        const closes = indexOf(reading.closesAt);
        expect(open.slice(nowMinute, opens)).not.toContain(true);
        expect(open.slice(opens, closes)).not.toContain(false);
        // The search is limited: it may say that they change later than that, but not after a few steps.
        const isFar = closes - opens >= 100 || closes >= minutes || opens >= closes;
        expect(isFar || !open[closes]).toBe(true);
        const isUnknown = (!reading.open && reading.atEarliest) || opens >= minutes;
        expect(isUnknown || open[opens]).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

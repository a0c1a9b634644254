import { type QueueWaits, taskKinds } from '../test/support/storm/queue-waits';
import { type Sent } from '../test/support/storm/storm';
import { percentile, printTable } from './measure';

/** What was measured in one storm. */
export interface Storm {
  readonly side: string;
  readonly kind: string;
  readonly sent: Sent;
  /** From the first post until every newest version was promoted, milliseconds. */
  readonly promotedMs: number;
  readonly waits: QueueWaits;
  /** Versions that were promoted twice, or not at all. */
  readonly faults: readonly string[];
  /** Seconds of CPU during the storm, with git's. */
  readonly programCpu: number;
  readonly temporalCpu: number;
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(1);

/** Prints how quickly events were taken and promoted, and what it cost. */
export function printStorms(storms: readonly Storm[]): void {
  console.log('');
  printTable(
    [
      'strategy',
      'code',
      'events',
      'taken per second',
      'lost',
      'attempts, most',
      'answer p50, ms',
      'p99, ms',
      'max, ms',
      'all newest promoted, s',
      'faults',
      'CPU of windlass, s',
      'CPU of Temporal, s',
    ],
    storms.map(({ kind, side, sent, promotedMs, faults, programCpu, temporalCpu }) => {
      const answers = sent.deliveries.flatMap(({ answersMs }) => answersMs);
      const answer = (share: number): string => percentile(answers, share).toFixed(0);
      return [
        kind,
        side,
        String(sent.deliveries.length),
        ((sent.deliveries.length - sent.lost.length) / (sent.ms / 1_000)).toFixed(0),
        String(sent.lost.length),
        String(Math.max(...sent.deliveries.map(({ attempts }) => attempts))),
        answer(0.5),
        answer(0.99),
        answer(1),
        seconds(promotedMs),
        String(faults.length),
        programCpu.toFixed(0),
        temporalCpu.toFixed(0),
      ];
    }),
  );
}

/** Prints how long tasks waited for a worker, by kind, and how many there were. */
export function printQueueWaits(title: string, { waits, ...counts }: QueueWaits): void {
  console.log(`\n${title}`);
  printTable(
    ['scheduled -> started', 'tasks', 'p50, s', 'p99, s', 'max, s', 'more than 10 s'],
    taskKinds.map((kind) => {
      const ofKind = waits[kind];
      const wait = (share: number): string =>
        ofKind.length === 0 ? '' : (percentile(ofKind, share) / 1_000).toFixed(2);
      const late = ofKind.filter((ms) => ms > 10_000).length;
      return [kind, String(ofKind.length), wait(0.5), wait(0.99), wait(1), String(late)];
    }),
  );
  const { runs, histories, workflowTasks, events, localActivities, timedOut, startedAgain } = counts;
  console.log(
    `${runs} runs, of which ${histories} were read: ${workflowTasks} workflow tasks (${(workflowTasks / histories).toFixed(1)} each), ${localActivities} local activities, ` +
      `${events} history events (${(events / histories).toFixed(0)} each), ${timedOut} workflow tasks timed out, ${startedAgain.length} activities started again.`,
  );
  for (const why of startedAgain.slice(0, 10)) console.log(`started again: ${why}`);
}

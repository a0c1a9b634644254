import { type Client } from '@temporalio/client';
import { findWaitingPromotions } from '../../../src/temporal/waiting-promotions';

const hour = 3_600_000;

interface Execution {
  readonly state: string;
  readonly startTime: Date;
  /** Of its event. */
  readonly at?: number;
}

/** Visibility as SQL has it: the newest first, and no other order. Refuses every query that it does not know. */
function clientOf(executions: readonly Execution[]) {
  const queries: string[] = [];
  const matching = (query: string): Execution[] => {
    queries.push(query);
    const match =
      /^WorkflowType = 'promotion' AND ExecutionStatus = 'Running' AND WindlassState = '([a-z-]+)'(?: AND StartTime < '(.+)')?$/.exec(
        query,
      );
    if (match === null) throw new Error(`INVALID_ARGUMENT: ${query}`);
    const [, state, before] = match;
    return executions
      .filter((each) => each.state === state)
      .filter(({ startTime }) => before === undefined || startTime < new Date(before))
      .sort((a, b) => b.startTime.getTime() - a.startTime.getTime());
  };
  const client = {
    connection: { withDeadline: (_deadline: number, call: () => Promise<unknown>) => call() },
    workflow: {
      count: (query: string) => Promise.resolve({ count: matching(query).length }),
      async *list({ query }: { readonly query: string }) {
        for (const { startTime, at } of matching(query)) {
          yield { startTime, memo: at === undefined ? {} : { task: { event: { at } } } };
          await Promise.resolve();
        }
      },
    },
  };
  return { client: client as unknown as Client, queries };
}

const ago = (ms: number): Date => new Date(Date.now() - ms);

it('counts each state, and gives the event time of its oldest promotion', async () => {
  const at = Date.now() - 5 * hour;
  const { client } = clientOf([
    { state: 'retrying', startTime: ago(hour) },
    { state: 'waiting-for-approval', startTime: ago(hour), at: Date.now() - hour },
    // It has continued as new since.
    { state: 'waiting-for-approval', startTime: ago(1_000), at },
  ]);
  const found = await findWaitingPromotions(client, ['waiting-for-approval', 'retrying', 'suspended']);
  expect(found.get('waiting-for-approval')).toEqual({ count: 2, oldestAt: at });
  expect(found.get('retrying')?.count).toBe(1);
  expect(found.get('suspended')).toEqual({ count: 0, oldestAt: undefined });
});

it('finds the oldest of thousands without listing them', async () => {
  const oldest = ago(90 * 24 * hour);
  const { client, queries } = clientOf([
    { state: 'suspended', startTime: oldest },
    ...Array.from({ length: 3_000 }, (_, index) => ({ state: 'suspended', startTime: ago(index * 60_000) })),
  ]);
  const found = await findWaitingPromotions(client, ['suspended']);
  expect(found.get('suspended')).toEqual({ count: 3_001, oldestAt: oldest.getTime() });
  expect(queries.length).toBeLessThan(25);
});

it('is two minutes off at most where a burst came at once', async () => {
  const burst = Array.from({ length: 3_000 }, (_, index) => ({
    state: 'suspended',
    startTime: ago(2 * hour + index),
  }));
  const { oldestAt = 0 } =
    (await findWaitingPromotions(clientOf(burst).client, ['suspended'])).get('suspended') ?? {};
  expect(Math.abs(Date.now() - 2 * hour - oldestAt)).toBeLessThan(125_000);
});

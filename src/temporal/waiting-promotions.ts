/** How many promotions wait, and since when, by Temporal's visibility. */
import { type Client } from '@temporalio/client';
import { promotionWorkflow } from '../workflows/contract/ids';
import { type PromotionMemo } from '../workflows/contract/messages';
import { stateAttribute } from '../workflows/contract/search-attributes';

export interface WaitingPromotions {
  readonly count: number;
  /** When the event of the oldest one came, milliseconds since the epoch; undefined: none waits. */
  readonly oldestAt: number | undefined;
}

/** Prometheus times out after 10 s by default, and all metrics of a scrape wait for this. */
const limitMs = 5_000;
/** The list is newest first, and has no other order with every database. */
const pageSize = 100;
const yearMs = 365 * 24 * 60 * 60 * 1000;
/** No promotion waits for longer: see `gates.expireAfter`. */
const longestMs = 4 * yearMs;
/** Halves that time down to two minutes. */
const steps = 20;

/**
 * Looks up the running promotions of each state. A few seconds old.
 * @param states values of the search attribute `WindlassState`
 * @throws gRPC's error if Temporal does not answer in time
 */
export function findWaitingPromotions<State extends string>(
  client: Client,
  states: readonly State[],
): Promise<ReadonlyMap<State, WaitingPromotions>> {
  return client.connection.withDeadline(Date.now() + limitMs, async () => {
    const found = new Map<State, WaitingPromotions>();
    for (const state of states) found.set(state, await waitingIn(client, state));
    return found;
  });
}

async function waitingIn(client: Client, state: string): Promise<WaitingPromotions> {
  const query = [
    `WorkflowType = '${promotionWorkflow}'`,
    `ExecutionStatus = 'Running'`,
    `${stateAttribute.name} = '${state}'`,
  ].join(' AND ');
  const { count } = await client.workflow.count(query);
  return { count, oldestAt: count === 0 ? undefined : await oldestOf(client, query, count) };
}

async function oldestOf(client: Client, query: string, count: number): Promise<number | undefined> {
  const oldest = count <= pageSize ? query : await narrowed(client, query);
  let at: number | undefined;
  let left = pageSize;
  for await (const { startTime, memo } of client.workflow.list({ query: oldest, pageSize })) {
    // A promotion that continued as new started later than it began.
    const { task } = (memo ?? {}) as Partial<PromotionMemo>;
    const since = Math.min(startTime.getTime(), task?.event.at ?? Infinity);
    at = at === undefined ? since : Math.min(at, since);
    left -= 1;
    if (left === 0) break;
  }
  return at;
}

/** The query for as many of the oldest as fit on a page. */
async function narrowed(client: Client, query: string): Promise<string> {
  const now = Date.now();
  let [none, some] = [now - longestMs, now];
  const before = (at: number): string => `${query} AND StartTime < '${new Date(at).toISOString()}'`;
  for (let step = 0; step < steps; step += 1) {
    const middle = Math.floor((none + some) / 2);
    const { count } = await client.workflow.count(before(middle));
    if (count > 0 && count <= pageSize) return before(middle);
    if (count === 0) none = middle;
    else some = middle;
  }
  return before(some);
}

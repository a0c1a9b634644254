/** Visits to providers' APIs: each has its requests reserved before it begins, so that it does not end half-way. */
import { createHash, randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { noPermits, type Permits } from '../../domain/budget/pace';
import { type Pacer } from '../../providers/port';
import { type AskBudget } from '../../temporal/budgets';
import { accountDigest } from './account-digest';
import { type CredentialBudget, openCredentialBudget } from './credential-budget';

export interface Visits {
  /**
   * Runs what asks a provider's API.
   * @param name of the work, the same whenever it is tried: it keeps its turn by it
   * @param most how many requests it usually takes at most; further ones are reserved when they are needed
   */
  run<T>(name: string, most: Permits, work: (pacer: Pacer) => Promise<T>): Promise<T>;
  /** By host, what services said remains; of several credentials of a host, the least. */
  remaining(): ReadonlyMap<string, number>;
}

export interface VisitsOptions {
  readonly ask: AskBudget;
  readonly onFailure: (error: unknown) => void;
  /** How long a visit was held up before a request, in milliseconds. */
  readonly onWaited?: (ms: number) => void;
}

/** An activity that waits has one of the worker's slots. */
const patienceMs = 3_000;
/** One that has sent requests would have to send them again. */
const begunPatienceMs = 60_000;
/** What a visit that needs more than it said needs at least. */
const further: Permits = { requests: 3, changes: 1 };
const keptBudgets = 1_000;
/** Of some thousand that wait, two hardly ever have the same, and those would only share a place. */
const idLength = 12;

export function createVisits({ ask, onFailure, onWaited }: VisitsOptions): Visits {
  const worker = randomUUID();
  const budgets = new LRUCache<string, CredentialBudget>({ max: keptBudgets });

  const budgetOf = async ({
    host,
    account,
    pace,
  }: Parameters<Pacer['send']>[0]): Promise<CredentialBudget> => {
    const name = { host, account: await accountDigest(host, account) };
    const key = JSON.stringify(name);
    const known = budgets.get(key);
    if (known !== undefined) return known;
    const opened = openCredentialBudget({ host, worker, pace, ask: (asked) => ask(name, asked), onFailure });
    budgets.set(key, opened);
    return opened;
  };

  return {
    async run(name, most, work) {
      const id = createHash('sha256').update(name).digest('base64url').slice(0, idLength);
      const shares = new Map<CredentialBudget, { left: Permits; spent: Permits }>();
      const pacer: Pacer = {
        async send(request, signal, send) {
          const budget = await budgetOf(request);
          const share = shares.get(budget) ?? { left: noPermits, spent: noPermits };
          // Before it waits, since another request of the visit may come meanwhile.
          shares.set(budget, share);
          const one = { requests: 1, changes: request.changes ? 1 : 0 };
          if (share.left.requests < 1 || share.left.changes < one.changes) {
            const since = Date.now();
            const begun = share.spent.requests > 0;
            const need = needed(most, share.spent, one);
            const patience = begun ? begunPatienceMs : patienceMs;
            const granted = await budget.reserve(need, { id, begun, patienceMs: patience, signal });
            share.left = plus(share.left, granted);
            onWaited?.(Date.now() - since);
          }
          share.left = minus(share.left, one);
          share.spent = plus(share.spent, one);
          const answer = await budget.send(request.changes, signal, send);
          if (answer.said.isFree) share.left = plus(share.left, one);
          return answer;
        },
      };
      try {
        return await work(pacer);
      } finally {
        for (const [budget, { left, spent }] of shares) if (spent.requests > 0) budget.release(left);
      }
    },
    remaining() {
      const least = new Map<string, number>();
      for (const budget of budgets.values()) {
        const remaining = budget.remaining();
        if (remaining === undefined) continue;
        least.set(budget.host, Math.min(remaining, least.get(budget.host) ?? Infinity));
      }
      return least;
    },
  };
}

function needed(most: Permits, spent: Permits, one: Permits): Permits {
  const rest = minus(most, spent);
  return {
    requests: Math.max(rest.requests, spent.requests === 0 ? one.requests : further.requests),
    changes: Math.max(rest.changes, one.changes),
  };
}

function plus(a: Permits, b: Permits): Permits {
  return { requests: a.requests + b.requests, changes: a.changes + b.changes };
}

function minus(a: Permits, b: Permits): Permits {
  return { requests: Math.max(0, a.requests - b.requests), changes: Math.max(0, a.changes - b.changes) };
}

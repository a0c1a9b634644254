/** A repeated request is the same act: its key names it, here and in Temporal. */
import { createHash, randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type RouteName } from '../../operator/routes';
import { type Done } from '../../operator/schemas/acts';
import { type Asking } from './operator-request';

/** 32 hex digits: the same for the same key, caller, route and request. Without a key, each request is its own act. */
export function actKey(
  request: Asking & {
    readonly route: RouteName;
    readonly params: object;
    readonly body: object;
  },
): string {
  const { idempotencyKey = randomUUID(), caller, route, params, body } = request;
  const text = JSON.stringify([idempotencyKey, caller.via, caller.name, route, params, body]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** Of the second update of an approval, to `manual: true`. @param key see `actKey` */
export function manualKey(key: string): string {
  return `${key}-manual`;
}

const mostKept = 5_000;
const keptMs = 24 * 60 * 60 * 1000;

/**
 * The answers of this process by key. Temporal knows the key as well, so that another process does not act twice; this one
 * also answers after what was acted on has ended.
 */
export class AnswerMemory {
  readonly #answers = new LRUCache<string, Promise<Done>>({ max: mostKept, ttl: keptMs });

  /** @param act not called where the key is known */
  async once(key: string, act: () => Promise<Done>): Promise<Done> {
    const known = this.#answers.get(key);
    if (known !== undefined) return { ...(await known), repeated: true };
    const answer = act();
    this.#answers.set(key, answer);
    // What failed can be tried again.
    answer.catch(() => this.#answers.delete(key));
    return answer;
  }
}

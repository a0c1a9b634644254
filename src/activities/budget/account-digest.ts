import { createHash, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { LRUCache } from 'lru-cache';

const derive = promisify<string, string, number, Buffer>(scrypt);
/** One for each token in use. */
const kept = new LRUCache<string, Promise<string>>({ max: 1_000 });
const bytes = 9;

/**
 * A name for what a service counts requests by that every worker computes, and that does not show it: it is the id of a
 * workflow. Slow on purpose, for some users' tokens are passwords; so it is computed once.
 */
export function accountDigest(host: string, account: string): Promise<string> {
  const key = createHash('sha256')
    .update(JSON.stringify([host, account]))
    .digest('base64');
  const known = kept.get(key);
  if (known !== undefined) return known;
  const digest = derive(account, `windlass budget of ${host}`, bytes).then((hash) => hash.toString('hex'));
  kept.set(key, digest);
  return digest;
}

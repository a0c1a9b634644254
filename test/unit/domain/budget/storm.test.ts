import { simulate } from '../../../support/budget/simulated-storm';

const open = { name: 'open', visits: 500, most: { requests: 8, changes: 3 }, takes: [5, 6, 4, 7], everyMs: 100, beforeMs: 1_500 };
const merge = { name: 'merge', visits: 500, most: { requests: 8, changes: 1 }, takes: [3, 4], everyMs: 1_000, beforeMs: 0 };
const look = { name: 'look', visits: 500, most: { requests: 2, changes: 0 }, takes: [1, 2], everyMs: 5_000, beforeMs: 0 };

it('a storm', async () => {
  const storm = { workers: 3, slots: 20, limit: 60, windowMs: 60_000, latencyMs: 100, kinds: [open, merge, look] };
  const since = performance.now();
  const { records, requests, violations, asks, tookMs } = await simulate(storm);
  const idealMs = ((requests / 57) * storm.windowMs);
  const delays = records.map((r) => r.endedAt - r.beganAt - (r.requestsBefore / 57) * 60_000 + (r.beganAt - records[0]!.beganAt));
  const max = (k: string) => Math.max(...records.filter((r) => r.kind === k).map((r) => r.returns));
  const late = (k: string) => Math.max(...records.map((r, i) => r.kind === k ? Math.round(delays[i]! / 1000) : -1e9));
  console.log(JSON.stringify({ requests, violations, asks, tookMs, idealMs, ratio: tookMs / idealMs, returns: ['open', 'merge', 'look'].map(max), late: ['open', 'merge', 'look'].map(late), sum: records.reduce((s, r) => s + r.returns, 0), cpu: performance.now() - since }));
}, 300_000);

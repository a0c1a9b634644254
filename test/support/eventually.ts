import { setTimeout as delay } from 'node:timers/promises';

/**
 * Repeats `attempt` until it neither throws nor answers false, and gives its answer.
 * @throws the last error once `limitMs` have passed
 */
export async function eventually<T>(attempt: () => Promise<T> | T, limitMs = 20_000): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    try {
      const answer = await attempt();
      if (answer !== false) return answer;
      if (Date.now() > deadline) throw new Error('The condition did not come true in time.');
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await delay(50);
  }
}

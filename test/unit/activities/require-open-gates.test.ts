import { requireOpenGates } from '../../../src/activities/require-open-gates';
import { gatesClosed } from '../../../src/workflows/contract/messages';

it('lets an attempt begin before the gates close, or where they do not', () => {
  expect(() => requireOpenGates(Date.now() + 60_000)).not.toThrow();
  expect(() => requireOpenGates(undefined)).not.toThrow();
});

it('ends one that begins later, for good: the promotion has to pass its gates again', async () => {
  const late = Promise.resolve().then(() => requireOpenGates(Date.now()));
  await expect(late).rejects.toMatchObject({ type: gatesClosed, nonRetryable: true });
});

import { GatesClosed } from '../../../src/activities/gates-closed';
import { WindlassError } from '../../../src/domain/errors';
import { answerOf, valueOf } from '../../../src/program/alone/failure-transfer';

const transferred = async (error: Error) =>
  valueOf(structuredClone(await answerOf(() => Promise.reject(error))));

it('a classified failure is the same one in the other process', async () => {
  const failure = new WindlassError('rate-limited', 'Too many requests.', { retryAfterMs: 7 });
  const received = await transferred(failure).catch((error: unknown) => error);
  expect(received).toBeInstanceOf(WindlassError);
  expect(received).toMatchObject({ code: 'rate-limited', message: failure.message, retryAfterMs: 7 });
});

it('so is the answer that the gates closed', async () => {
  const received = await transferred(new GatesClosed('They closed.')).catch((error: unknown) => error);
  expect(received).toBeInstanceOf(GatesClosed);
  expect(received).toMatchObject({ message: 'They closed.' });
});

it('and a bug, with its stack', async () => {
  await expect(transferred(new TypeError('x is not a function'))).rejects.toMatchObject({
    name: 'TypeError',
    message: 'x is not a function',
    stack: expect.stringContaining('failure-transfer.test'),
  });
});

import { giveTurns, join, leave, type MergeQueue } from '../../../../src/domain/promotion/merge-queue';
import { noon } from '../../../support/events';

const merger = (number: number, base = 'main') => ({ number, workflowId: `promotion-${number}`, base });
const queueOf = (...numbers: number[]): MergeQueue =>
  numbers.reduce<MergeQueue>((queue, number) => join(queue, merger(number)), []);
const numbers = (queue: MergeQueue): number[] => queue.map(({ number }) => number);

it('the first of each base branch has its turn, and only once', () => {
  const queue = join(queueOf(1, 2), merger(3, 'release'));
  const turn = giveTurns(queue, noon);
  expect(numbers(turn.given)).toEqual([1, 3]);
  expect(giveTurns(turn.queue, noon + 1).given).toEqual([]);
  expect(numbers(giveTurns(leave(turn.queue, 1), noon + 1).given)).toEqual([2]);
});

it('one that is in the queue keeps its place, and a successor gets one of its own', () => {
  const { queue } = giveTurns(queueOf(1, 2), noon);
  expect(join(queue, merger(1))).toBe(queue);
  const taken = join(queue, { ...merger(1), workflowId: 'successor' });
  expect(taken.map(({ number, workflowId }) => [number, workflowId])).toEqual([
    [2, 'promotion-2'],
    [1, 'successor'],
  ]);
});

it('a turn ends after an hour if others wait, and lasts if none do', () => {
  const { queue } = giveTurns(queueOf(1, 2), noon);
  expect(giveTurns(queue, noon + 3_599_999).given).toEqual([]);
  const later = giveTurns(queue, noon + 3_600_000);
  expect([numbers(later.queue), numbers(later.given)]).toEqual([[2, 1], [2]]);
  const alone = giveTurns(queueOf(1), noon);
  expect(giveTurns(alone.queue, noon + 86_400_000)).toEqual({ queue: alone.queue, given: [] });
});

import { Notices } from '../../../demo/notices';

const even = (number: number): boolean => number % 2 === 0;
const any = (): boolean => true;

describe('notices', () => {
  it('are kept until somebody asks, oldest first, each for one', async () => {
    const notices = new Notices<number>();
    [1, 2, 4].forEach((number) => notices.add(number));
    expect([await notices.next(even), await notices.next(even), await notices.next(any)]).toEqual([2, 4, 1]);
  });

  it('reach who waits for them, and nobody else', async () => {
    const notices = new Notices<number>();
    const waiting = notices.next(even);
    notices.add(3);
    notices.add(6);
    expect(await waiting).toBe(6);
    expect(await notices.next(any)).toBe(3);
  });
});

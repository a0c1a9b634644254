import { fixedWindow } from '../../../../src/api/webhook/fixed-window';

describe('a fixed window', () => {
  let time = 0;
  const windowOf = (value: number) => fixedWindow({ value, intervalMs: 1_000 }, () => time);
  beforeEach(() => {
    time = 5_000;
  });

  it('takes the value and no more within its interval', () => {
    const window = windowOf(2);
    expect([window.take('a'), window.take('a'), window.take('a')]).toEqual([true, true, false]);
  });

  it('says what is left without counting', () => {
    const window = windowOf(2);
    expect([window.left('a'), window.left('a')]).toEqual([2, 2]);
    window.take('a');
    expect(window.left('a')).toBe(1);
  });

  it('counts each key by itself', () => {
    const window = windowOf(1);
    window.take('a');
    expect(window.take('b')).toBe(true);
  });

  it('opens again one interval after its first count, however often it was tried meanwhile', () => {
    const window = windowOf(2);
    window.take('a');
    time += 999;
    expect([window.take('a'), window.take('a')]).toEqual([true, false]);
    time += 2;
    expect(window.take('a')).toBe(true);
  });

  it('forgets the longest unused key where there are very many, so that a flood costs bounded memory', () => {
    const window = windowOf(1);
    window.take('first');
    for (let address = 0; address < 10_000; address += 1) window.take(`flood ${address}`);
    expect(window.left('first')).toBe(1);
    expect(window.left('flood 9999')).toBe(0);
  });
});

import { FairShare, type Holding } from '../../../src/domain/fair-share';

describe('a fair share', () => {
  let gaveWay: string[];
  let share: FairShare;
  beforeEach(() => {
    gaveWay = [];
    share = new FairShare(10);
  });
  const open = (key: string, name: string, gives = true): Holding =>
    share.open(key, () => {
      if (gives) gaveWay.push(name);
      return gives;
    });

  it('gives what there is', () => {
    expect(open('a', 'a1').grow(10)).toBe(true);
    expect(gaveWay).toEqual([]);
  });

  it('takes from the key that holds most, the oldest first', () => {
    open('b', 'b1').grow(2);
    for (const name of ['a1', 'a2', 'a3', 'a4']) open('a', name).grow(2);
    expect(open('c', 'c1').grow(3)).toBe(true);
    expect(gaveWay).toEqual(['a1', 'a2']);
    expect(share.total).toBe(9);
  });

  it('takes from the one that asks where it holds most', () => {
    open('b', 'b1').grow(4);
    open('a', 'a1').grow(6);
    expect(open('a', 'a2').grow(2)).toBe(true);
    expect(gaveWay).toEqual(['a1']);
  });

  it('never takes from one that holds less than is asked for', () => {
    open('b', 'b1').grow(3);
    const large = open('a', 'a1');
    expect(large.grow(8)).toBe(false);
    expect(gaveWay).toEqual([]);
    expect(share.total).toBe(3);
  });

  it('passes over what cannot give way', () => {
    open('a', 'a1', false).grow(5);
    open('a', 'a2').grow(5);
    expect(open('b', 'b1').grow(1)).toBe(true);
    expect(gaveWay).toEqual(['a2']);
  });

  it('refuses where nothing can give way', () => {
    open('a', 'a1', false).grow(10);
    expect(open('b', 'b1').grow(1)).toBe(false);
  });

  it('has again what is released, once', () => {
    const first = open('a', 'a1');
    first.grow(10);
    first.release();
    first.release();
    expect(share.total).toBe(0);
    expect(open('b', 'b1').grow(10)).toBe(true);
  });
});

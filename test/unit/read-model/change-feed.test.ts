import { ChangeFeed } from '../../../src/read-model/change-feed';

const feedOf = (count: number): ChangeFeed => {
  const feed = new ChangeFeed('here');
  for (let number = 1; number <= count; number += 1) feed.append('removed', { number });
  return feed;
};

it('continues after the last event that a client has', () => {
  const feed = feedOf(3);
  expect(feed.since(feed.idOf(1))?.map(({ number }) => number)).toEqual([2, 3]);
  expect(feed.since(feed.idOf(3))).toEqual([]);
  expect(feedOf(0).since('here-0')).toEqual([]);
});

it.each(['elsewhere-2', 'here-4', 'here-', '2', '', 'here-1e3'])(
  'does not know what was missed after %j',
  (id) => {
    expect(feedOf(3).since(id)).toBeUndefined();
  },
);

it('forgets the oldest events, and says so', () => {
  const feed = feedOf(2_500);
  expect(feed.since(feed.idOf(100))).toBeUndefined();
  expect(feed.since(feed.idOf(500))).toHaveLength(2_000);
});

it('keeps a bounded number of bytes', () => {
  const feed = new ChangeFeed('here');
  for (let number = 0; number < 20; number += 1) feed.append('removed', 'x'.repeat(1_000_000));
  expect(feed.since(feed.idOf(18))).toHaveLength(2);
  expect(feed.since(feed.idOf(5))).toBeUndefined();
});

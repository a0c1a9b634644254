import { splitAtTimes } from '../../../dashboard/src/components/sentence-times';
import { readableTime } from '../../../src/domain/readable-time';

it('finds the times that Windlass writes', () => {
  const at = Date.parse('2026-11-28T13:14:00Z');
  expect(splitAtTimes(`Soak time until ${readableTime(at)}. It continues by itself.`)).toEqual([
    { text: 'Soak time until ' },
    { text: '2026-11-28 13:14 UTC', at: '2026-11-28T13:14:00Z' },
    { text: '. It continues by itself.' },
  ]);
});

it.each(['', 'no time', '2026-13-45 99:99 UTC', '2026-11-28 13:14 CET'])('leaves %j as it is', (text) => {
  expect(
    splitAtTimes(text)
      .map((part) => part.text)
      .join(''),
  ).toBe(text);
  expect(splitAtTimes(text).every(({ at }) => at === undefined)).toBe(true);
});

import { localTime } from '../../../../src/domain/windows/local-time';

const monday = Date.UTC(2026, 10, 30, 8);

it.each([
  ['Europe/Berlin', 'Mon 09:00 CET'],
  ['America/New_York', 'Mon 03:00 EST'],
  ['UTC', 'Mon 08:00 UTC'],
  ['Asia/Tokyo', 'Mon 17:00 Asia/Tokyo'],
  ['Pacific/Auckland', 'Mon 21:00 Pacific/Auckland'],
])('in %s it is %s', (timeZone, text) => {
  expect(localTime(monday, timeZone)).toBe(text);
});

it('has midnight as 00:00', () => {
  expect(localTime(Date.UTC(2026, 10, 30), 'UTC')).toBe('Mon 00:00 UTC');
});

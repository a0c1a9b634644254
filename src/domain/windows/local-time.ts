/** Each knows the abbreviations of its own part of the world. */
const locales = ['en-GB', 'en-US'];

/**
 * A time as the people of a time zone read it on their clocks: `Mon 09:00 CET`.
 * @param at milliseconds since the epoch
 */
export function localTime(at: number, timeZone: string): string {
  const parts = locales.map((locale) =>
    Object.fromEntries(
      new Intl.DateTimeFormat(locale, {
        timeZone,
        weekday: 'short',
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
        timeZoneName: 'short',
      })
        .formatToParts(at)
        .map(({ type, value }) => [type, value]),
    ),
  );
  const abbreviation = parts.map(({ timeZoneName = '' }) => timeZoneName).find((name) => !/[-+]/.test(name));
  const { weekday = '', hour = '', minute = '' } = parts[0] ?? {};
  return `${weekday} ${hour}:${minute} ${abbreviation ?? timeZone}`;
}

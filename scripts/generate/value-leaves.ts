/** Every value with the path to it, such as `promotion.retry.delay`; lists and empty maps are values. */
export function valueLeaves(value: unknown, at = ''): [string, unknown][] {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMap || Object.keys(value).length === 0) return [[at, value]];
  return Object.entries(value).flatMap(([key, below]) =>
    valueLeaves(below, at === '' ? key : `${at}.${key}`),
  );
}

/** Every value as the path to it; lists and empty maps are values. */
export function leaves(value: unknown, at = ''): [string, unknown][] {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMap || Object.keys(value).length === 0) return [[at, value]];
  return Object.entries(value).flatMap(([key, below]) => leaves(below, at === '' ? key : `${at}.${key}`));
}

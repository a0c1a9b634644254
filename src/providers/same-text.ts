/** Providers normalize line ends and trailing white space. */
export function sameText(left: string, right: string): boolean {
  const normal = (text: string): string => text.replace(/\r\n/g, '\n').trim();
  return normal(left) === normal(right);
}

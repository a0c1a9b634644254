/** Whether a unified diff changes exactly one line, and in this line only the version. */
export function isOneLineChange(diff: string, previous: string, version: string): boolean {
  const [removed, added, ...more] = changedLines(diff);
  if (removed === undefined || added === undefined || more.length > 0) return false;
  const parts = removed.slice(1).split(previous);
  return removed.startsWith('-') && parts.length === 2 && added === `+${parts.join(version)}`;
}

/** The lines with their sign, without the file headers. */
function changedLines(diff: string): readonly string[] {
  let inHunk = false;
  return diff.split('\n').filter((line) => {
    if (line.startsWith('@@')) inHunk = true;
    if (line.startsWith('diff --git')) inHunk = false;
    return inHunk && /^[+-]/.test(line);
  });
}

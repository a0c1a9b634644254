/** Whether a unified diff changes exactly one line, and in it nothing but the one version into the other. */
export function isOneLineChange(diff: string, previous: string, version: string): boolean {
  const [removed, added, ...more] = changedLines(diff);
  if (removed === undefined || added === undefined || more.length > 0) return false;
  const parts = removed.slice(1).split(previous);
  return removed.startsWith('-') && parts.length === 2 && added === `+${parts.join(version)}`;
}

/** The lines with their sign, without the heads of the files. */
function changedLines(diff: string): readonly string[] {
  let inHunk = false;
  return diff.split('\n').filter((line) => {
    if (line.startsWith('@@')) inHunk = true;
    if (line.startsWith('diff --git')) inHunk = false;
    return inHunk && /^[+-]/.test(line);
  });
}

const safe = /^[\w@%+=:,./-]+$/;

/** A word as a POSIX shell takes it. */
function shellWord(word: string): string {
  return safe.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export function commandLine(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

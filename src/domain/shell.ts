/** Commands that people copy into a shell. */

const safe = /^[\w@%+=:,./-]+$/;

/** A word as a POSIX shell takes it. */
function shellWord(word: string): string {
  return safe.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** With each word quoted that a shell would not take as it is: names in Pipelines are free text. */
export function commandLine(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

import { spawn } from 'node:child_process';

/**
 * Reads until its standard input ends, which happens however our process ends, then stops the server: with SIGTERM, and
 * with SIGKILL after ten seconds.
 */
const script = `
read -r _
kill -TERM "$1" || exit 0
for _ in 1 2 3 4 5 6 7 8 9 10; do
  sleep 1
  kill -0 "$1" || exit 0
done
kill -KILL "$1"
`;

/**
 * Ends process `pid` when this process dies without having done so, even by SIGKILL.
 * @returns stops the watchdog
 */
export function startWatchdog(pid: number): () => void {
  const watchdog = spawn('/bin/sh', ['-c', script, 'windlass-watchdog', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // In its own process group, it does not receive Ctrl-C from the terminal.
    detached: true,
  });
  watchdog.on('error', () => undefined);
  watchdog.unref();
  return () => watchdog.kill('SIGKILL');
}

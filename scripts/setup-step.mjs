import { spawn, spawnSync } from 'node:child_process';

const progressEveryMs = 10_000;
const shownLines = 25;

/** Something that only a person can fix; the message says how. */
export class SetupFault extends Error {}

/** @param {string} text one line for the person who waits */
export function say(text) {
  console.error(`setup: ${text}`);
}

/** Whether a program is installed. */
export function runs(program) {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

/**
 * Runs a command quietly, saying now and then that it still runs.
 * @throws SetupFault with the end of its output and what to do
 */
export async function runStep(label, command, args, cwd) {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  say(`${label} …`);
  const progress = setInterval(() => say(`still ${label} (${seconds()} s)`), progressEveryMs);
  try {
    const { code, output } = await collect(command, args, cwd);
    if (code !== 0) {
      const tail = output.trim().split('\n').slice(-shownLines).join('\n');
      throw new SetupFault(`${label} failed.\n${tail}\n\n${advice(output)}`);
    }
    say(`${label}: done in ${seconds()} s`);
  } finally {
    clearInterval(progress);
  }
}

function collect(command, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => (output += chunk);
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', () =>
      reject(new SetupFault(`${command} is missing. Install it, then run this again.`)),
    );
    child.once('close', (code) => resolve({ code, output }));
  });
}

function advice(output) {
  if (/ENOSPC|no space left/i.test(output)) return 'The disk is full: free some space, then run this again.';
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH/.test(output)) {
    return 'The package registry is not reachable: check the network, the proxy and `npm config get registry`, then run this again.';
  }
  if (/EACCES|EPERM/.test(output))
    return 'A file may not be written: check who owns this directory, then run this again.';
  if (/EUSAGE|in sync/.test(output)) return 'package.json and package-lock.json disagree: run `npm install`.';
  return 'Fix what the lines above name, then run this again.';
}

#!/usr/bin/env node
/**
 * Records `npm run demo -- --once` as docs/images/demo.svg, an animation of the terminal: run it again when the demo's texts
 * change. Needs Python 3 with venv, for asciinema, and the npm registry, for svg-term-cli.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const image = join(root, 'docs/images/demo.svg');
const tools = join(root, '.cache/recording');
const size = { columns: 136, rows: 34 };
/** A pause that a reader has time for, and that does not bore. */
const longestPause = 1.6;
/** The last frame stays until the animation begins again. */
const endPause = 6;
/** Frames of a spinner, which would be most of the file. */
const spinner = /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/;
const shortestSpin = 0.4;

const run = (command, args) =>
  execFileSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });

if (!existsSync(join(tools, 'bin/asciinema'))) {
  run('python3', ['-m', 'venv', tools]);
  run(join(tools, 'bin/pip'), ['install', '--quiet', 'asciinema==2.4.0']);
}
const directory = mkdtempSync(join(tmpdir(), 'windlass-recording-'));
try {
  const recording = join(directory, 'demo.cast');
  const shown = ['--cols', String(size.columns), '--rows', String(size.rows)];
  const command = 'node dist/demo/main.js --once';
  run(join(tools, 'bin/asciinema'), ['rec', '--quiet', ...shown, '--command', command, recording]);
  writeFileSync(recording, thinned(readFileSync(recording, 'utf8')));
  const dimensions = ['--width', String(size.columns), '--height', String(size.rows)];
  run('npx', [
    '--yes',
    'svg-term-cli@2.1.1',
    '--in',
    recording,
    '--out',
    image,
    '--window',
    '--no-cursor',
    ...dimensions,
  ]);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

/** @param text https://docs.asciinema.org/manual/asciicast/v2/ */
function thinned(text) {
  const [header, ...frames] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const kept = [];
  let time = 0;
  let before = 0;
  let spun = -Infinity;
  for (const [at, kind, data] of frames) {
    time += Math.min(at - before, longestPause);
    before = at;
    if (spinner.test(data) && !data.includes('\n')) {
      if (time - spun < shortestSpin) continue;
      spun = time;
    }
    kept.push([Number(time.toFixed(3)), kind, data]);
  }
  kept.push([time + endPause, 'o', '']);
  return [header, ...kept].map((line) => JSON.stringify(line)).join('\n') + '\n';
}

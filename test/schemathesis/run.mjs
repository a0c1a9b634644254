#!/usr/bin/env node
/**
 * Fuzzes the operators' API of the built program: schemathesis makes requests from the OpenAPI document, valid ones and
 * invalid ones, and checks that every answer is one that the document describes. Installs schemathesis from PyPI once.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const version = '4.32.5';
/** Never ends by itself. */
const streams = ['events'];
const root = fileURLToPath(new URL('../..', import.meta.url));
const tools = join(
  process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
  'windlass',
  `schemathesis-${version}`,
);
const schemathesis = join(tools, 'bin/schemathesis');

install();
const directory = mkdtempSync(join(tmpdir(), 'windlass-schemathesis-'));
const program = startProgram();
try {
  const api = await readyApi();
  const token = readFileSync(join(directory, 'data/api-token'), 'utf8').trim();
  process.exitCode = await fuzz(api, token);
} finally {
  program.kill('SIGTERM');
  await new Promise((resolve) => program.once('close', resolve));
  rmSync(directory, { recursive: true, force: true });
}

function install() {
  if (existsSync(schemathesis)) return;
  const steps = [
    ['python3', ['-m', 'venv', tools]],
    [join(tools, 'bin/pip'), ['install', '--quiet', `schemathesis==${version}`]],
  ];
  for (const [command, args] of steps) {
    const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
    if (status === 0) continue;
    rmSync(tools, { recursive: true, force: true });
    throw new Error(
      `${command} ${args.join(' ')} failed: Python 3 with venv is needed. ${error?.message ?? ''}`,
    );
  }
}

function startProgram() {
  const pipelines = join(directory, 'pipelines');
  mkdirSync(pipelines);
  writeFileSync(join(pipelines, 'shop.yaml'), readFileSync(join(root, 'test/schemathesis/pipelines.yaml')));
  return spawn(
    process.execPath,
    [
      join(root, 'dist/src/program/main.js'),
      'dev',
      `--pipelines-dir=${pipelines}`,
      `--data-dir=${join(directory, 'data')}`,
      ...['promotion-hook', 'api', 'health-probe', 'metrics'].map(
        (name) => `--${name}-bind-address=127.0.0.1:0`,
      ),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
}

/** @returns its URL */
function readyApi() {
  const lines = [];
  return new Promise((resolve, reject) => {
    // To its end: the program waits while no one reads what it logs.
    createInterface(program.stdout).on('line', (line) => {
      if (line.includes('"msg":"ready"')) resolve(JSON.parse(line).api);
      else if (lines.length < 100) lines.push(line);
    });
    program.once('close', () => reject(new Error(`windlass dev ended:\n${lines.join('\n')}`)));
  });
}

function fuzz(api, token) {
  const config = join(directory, 'schemathesis.toml');
  // A header in the arguments would show the token to every user of the machine.
  const headers = `headers = { Authorization = "Bearer ${token}" }\n`;
  writeFileSync(config, headers + readFileSync(join(root, 'test/schemathesis/schemathesis.toml'), 'utf8'), {
    mode: 0o600,
  });
  const child = spawn(
    schemathesis,
    [
      `--config-file=${config}`,
      'run',
      `${api}/api/v1/openapi.json`,
      ...streams.flatMap((id) => ['--exclude-operation-id', id]),
      '--max-examples=25',
      '--seed=1',
      '--continue-on-failure',
      '--request-timeout=30',
      ...process.argv.slice(2),
    ],
    { stdio: 'inherit', cwd: directory },
  );
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}

#!/usr/bin/env node
/**
 * Makes a fresh clone ready: checks what the machine has, installs packages when they don't match the lock file and,
 * with `--build`, builds when a source has changed and fetches Temporal when there is none.
 * Plain Node: it runs before there are any packages.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statfsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSupported } from './node-releases.mjs';
import { SetupFault, runStep, runs, say } from './setup-step.mjs';
import { withSetupLock } from './setup-lock.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Packages and build; Temporal's download checks for itself. */
const neededBytes = 1_000_000_000;
const buildInputs = [
  'src',
  'demo',
  'dashboard',
  'scripts',
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
];
const buildStamp = join(root, 'dist/.build-inputs');

try {
  checkNode();
  if (!runs('git')) {
    throw new SetupFault(
      'Git is missing. Install it (for example `apt-get install git`), then run this again.',
    );
  }
  await withSetupLock(join(root, '.cache'), async () => {
    if (!packagesMatchLock()) await installPackages();
    if (process.argv.includes('--build')) {
      await buildIfChanged();
      await haveTemporal();
    }
  });
} catch (error) {
  if (!(error instanceof SetupFault)) throw error;
  console.error(`\nsetup: ${error.message}`);
  process.exitCode = 1;
}

function checkNode() {
  if (isSupported(process.versions.node)) return;
  throw new SetupFault(
    `Node ${process.versions.node} is not one that Windlass runs on. Start this with \`npm run setup\`, which brings one.`,
  );
}

/** npm keeps what it has installed in a lock file of its own, written last; a package of ours that isn't in it is missing. */
function packagesMatchLock() {
  const installedPath = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedPath)) return false;
  const wanted = readJson(join(root, 'package-lock.json')).packages;
  const installed = readJson(installedPath).packages;
  return Object.entries(wanted).every(([path, { version, optional, devOptional, peer }]) => {
    if (path === '') return true;
    // Builds for other platforms are in the lock file, but never installed.
    if (!installed[path]) return Boolean(optional ?? devOptional ?? peer);
    return installed[path].version === version;
  });
}

async function installPackages() {
  const { bavail, bsize } = statfsSync(root);
  if (bavail * bsize < neededBytes) {
    throw new SetupFault(
      `Too little space in ${root}: about ${neededBytes / 1e9} GB are needed. Free some, then run this again.`,
    );
  }
  await runStep('installing packages', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=warn'], root);
}

async function buildIfChanged() {
  const hash = hashOf(buildInputs);
  if (existsSync(buildStamp) && readFileSync(buildStamp, 'utf8') === hash) return;
  await runStep('building', 'npm', ['run', '--silent', 'build'], root);
  writeFileSync(buildStamp, hash);
}

async function haveTemporal() {
  const { findTemporalExecutable } = createRequire(import.meta.url)(
    '../dist/src/temporal-server/executable.js',
  );
  try {
    await findTemporalExecutable({ env: process.env, report: say });
  } catch (error) {
    throw error.name === 'EmbeddedTemporalError' ? new SetupFault(error.message) : error;
  }
}

function hashOf(inputs) {
  const hash = createHash('sha256');
  for (const input of inputs) {
    for (const file of filesOf(join(root, input))) hash.update(file).update('\0').update(readFileSync(file));
  }
  return hash.digest('hex');
}

function filesOf(path) {
  if (/\.json$/.test(path)) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

#!/usr/bin/env node
/**
 * Prints the directory of a Node that Windlass runs on, or nothing where this one will do. Where this one is too old, or
 * `WINDLASS_NODE` (22 or 24) names another, npm brings it, once, into the cache.
 * Runs on any Node from 18 on.
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findBuild, isSupported, preferredMajor } from './node-releases.mjs';
import { withSetupLock } from './setup-lock.mjs';
import { SetupFault, runStep } from './setup-step.mjs';

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'windlass/node');
const platform = `${process.platform}-${process.arch}`;
const running = process.versions.node;
const asked = process.env.WINDLASS_NODE || undefined;
const remedy =
  `install Node ${asked ?? preferredMajor} yourself, from https://nodejs.org/en/download or by your system's packages, ` +
  'then run this again.';

try {
  if (!isSupported(running) || (asked !== undefined && asked !== running.split('.')[0])) {
    console.log(await bring());
  }
} catch (error) {
  if (!(error instanceof SetupFault)) throw error;
  console.error(`\nsetup: ${error.message}`);
  process.exitCode = 1;
}

async function bring() {
  const build = findBuild(platform, asked);
  if (build === undefined) {
    throw new SetupFault(
      `Node ${running} is ${asked === undefined ? 'not one that Windlass runs on' : `not ${asked}`}, and npm has no ` +
        `other for ${platform}: ${remedy}`,
    );
  }
  const directory = join(cache, `${build.version}-${platform}`);
  const bin = join(directory, 'node_modules', build.packageName, 'bin');
  if (runsAs(bin, build)) return bin;
  mkdirSync(cache, { recursive: true });
  await withSetupLock(cache, async () => {
    if (!runsAs(bin, build)) await install(build, directory);
  });
  return bin;
}

/** Installed apart and then renamed: whatever is in `directory` is whole. */
async function install(build, directory) {
  const { packageName, version, integrity } = build;
  const unfinished = mkdtempSync(`${directory}.`);
  try {
    const manifest = { name: 'windlass-node', version: '1.0.0', dependencies: { [packageName]: version } };
    const lock = {
      ...manifest,
      lockfileVersion: 3,
      packages: { '': manifest, [`node_modules/${packageName}`]: { version, integrity } },
    };
    writeFileSync(join(unfinished, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(unfinished, 'package-lock.json'), JSON.stringify(lock));
    // `npm run --silent` would silence this npm too, and with it the reason for a failure.
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    try {
      await runStep(`fetching Node ${version}, as this one is ${running}`, 'npm', args, unfinished);
    } catch (error) {
      throw error instanceof SetupFault ? new SetupFault(`${error.message}\nOr ${remedy}`) : error;
    }
    if (!runsAs(join(unfinished, 'node_modules', packageName, 'bin'), build)) {
      throw new SetupFault(
        `Node ${version} for ${platform} from npm does not run on this machine (on Linux it needs glibc 2.28 or newer): ` +
          remedy,
      );
    }
    rmSync(directory, { recursive: true, force: true });
    renameSync(unfinished, directory);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function runsAs(bin, { version }) {
  const { stdout } = spawnSync(join(bin, 'node'), ['--version'], { encoding: 'utf8' });
  return stdout?.trim() === `v${version}`;
}

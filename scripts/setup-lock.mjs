import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './setup-step.mjs';

/** Two setups at the same time, of two demos for example, would interfere: the second waits for the first. */
export async function withSetupLock(directory, action) {
  const lock = join(directory, 'setup.lock');
  mkdirSync(directory, { recursive: true });
  let announced = false;
  while (!tryTake(lock)) {
    if (!announced)
      say(`waiting for another setup of this directory to end (if there is none, delete ${lock})`);
    announced = true;
    await sleep(500);
  }
  try {
    return await action();
  } finally {
    rmSync(lock, { force: true });
  }
}

function tryTake(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (!isHeld(lock)) rmSync(lock, { force: true });
  return false;
}

function isHeld(lock) {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return true;
  } catch (error) {
    // EPERM: the process belongs to another user, but it is running.
    return error.code === 'EPERM';
  }
}

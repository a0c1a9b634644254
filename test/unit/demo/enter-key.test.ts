import { PassThrough } from 'node:stream';
import { enterPressed, type Keyboard } from '../../../demo/enter-key';

/** A stream has what a terminal has, as far as the Enter key needs it. */
function keyboard(): PassThrough & Keyboard {
  return new PassThrough() as PassThrough & Keyboard;
}

const never = new AbortController().signal;

describe('the Enter key', () => {
  it('ends the wait, and nothing more is read after it', async () => {
    const keys = keyboard();
    const pressed = enterPressed(keys, never);
    keys.write('\n');
    await pressed;
    expect([keys.isPaused(), keys.listenerCount('data')]).toEqual([true, 0]);
  });

  it('no longer counts after the wait was ended', async () => {
    const keys = keyboard();
    const wait = new AbortController();
    const pressed = enterPressed(keys, wait.signal);
    wait.abort();
    expect([keys.isPaused(), keys.listenerCount('data')]).toEqual([true, 0]);
    keys.write('\n');
    expect(await Promise.race([pressed.then(() => 'pressed'), Promise.resolve('waits')])).toBe('waits');
  });

  it('is never pressed where there is no one: at the end of the input', async () => {
    const keys = keyboard();
    const pressed = enterPressed(keys, never);
    const ended = new Promise((resolve) => keys.once('end', () => resolve('ended')));
    keys.end();
    expect(await Promise.race([pressed.then(() => 'pressed'), ended])).toBe('ended');
  });
});

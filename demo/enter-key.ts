import { type ReadStream } from 'node:tty';

/** Reads the Enter key of a terminal. */
export type Keyboard = Pick<ReadStream, 'on' | 'off' | 'resume' | 'pause'>;

/** Resolves at the next Enter; never where nothing can be read. Reads only until the signal is aborted. */
export async function enterPressed(keyboard: Keyboard, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    // A terminal hands over whole lines.
    const pressed = (): void => {
      stop();
      resolve();
    };
    const stop = (): void => {
      keyboard.off('data', pressed);
      keyboard.pause();
    };
    signal.addEventListener('abort', stop, { once: true });
    keyboard.on('data', pressed).resume();
  });
}

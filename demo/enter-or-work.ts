import { enterPressed } from './enter-key';
import { type TourOptions } from './tour-options';

/** @returns false where the work was done before */
export async function enterComesFirst(
  { terminal, keyboard }: TourOptions,
  label: string,
  work: Promise<unknown>,
): Promise<boolean> {
  const wait = new AbortController();
  const pressed = enterPressed(keyboard, wait.signal).then(() => true);
  const first = Promise.race([work.then(() => false), pressed]);
  return terminal.waiting(label, first).finally(() => wait.abort());
}

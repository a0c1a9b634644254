import { type Done } from '../../operator/schemas/acts';
import { type Session } from '../access/open-session';
import { CommandFault, type Ending } from '../exit-codes';
import { type OutputFormat, printData } from '../text/formats';
import { requireDuration } from '../text/moment';
import { type Goal, type stages } from '../waiting/goal';
import { waitForPromotion } from '../waiting/wait-for-promotion';

export interface WaitFlags {
  readonly wait?: boolean;
  readonly waitFor?: (typeof stages)[number];
  /** Such as `10m`. */
  readonly timeout?: string;
}

export interface ActFlags {
  readonly output?: OutputFormat;
}

export interface ConfirmFlags {
  readonly yes?: boolean;
}

/** The place of an act, and the version that it is about. */
export interface ActPlace {
  readonly namespace: string;
  readonly name: string;
  readonly environment: string;
  readonly version: string | undefined;
}

/** Prints the answer of an act. */
export function report({ terminal, style }: Session, flags: ActFlags, done: Done): Ending {
  if (printData({ terminal, style }, flags.output, done)) return 'done';
  terminal.print(`${style.green('✔')} ${done.said}`);
  if (done.repeated) terminal.note('The server had done this before, for the same request.');
  return 'done';
}

/** The same, and waits where `--wait` asks for it. @param goal of `--wait` */
export async function reportAndWait(
  session: Session,
  flags: ActFlags & WaitFlags,
  done: Done,
  place: ActPlace,
  goal: Goal,
): Promise<Ending> {
  report(session, flags, done);
  if (flags.wait !== true && flags.waitFor === undefined) return 'done';
  const version = place.version ?? done.version;
  const awaited = { ...place, version, promotion: done.promotion, since: done.at };
  return waitForPromotion(session, awaited, flags.waitFor ?? goal, timeoutOf(flags));
}

const defaultTimeout = '10m';

/** @throws CommandFault usage */
export function timeoutOf({ timeout = defaultTimeout }: WaitFlags): number {
  return requireDuration('--timeout', timeout);
}

/**
 * Says what will happen and asks, where someone can answer.
 * @throws CommandFault failed: the answer was no
 */
export async function confirm({ terminal }: Session, flags: ConfirmFlags, willHappen: string): Promise<void> {
  if (flags.yes === true || !terminal.interactive) return;
  terminal.note(willHappen);
  const answer = await terminal.ask('Continue? [y/N] ');
  if (!/^y(es)?$/i.test(answer?.trim() ?? '')) throw new CommandFault('failed', 'Nothing was done.');
}

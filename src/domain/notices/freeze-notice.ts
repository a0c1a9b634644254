/** What people are notified of about freezes. */
import { type Freeze } from '../freezes/freeze';
import { type FreezeChange } from '../freezes/freeze-change';
import { sha256Hex } from '../names';
import { formatPipelineRef } from '../pipeline/pipeline';
import { readableTime } from '../readable-time';
import { commandLine } from '../shell';
import { type Notice, noticeOf } from './notice';

export interface FreezeFact {
  /** Of the freeze: the same for every process that sees the change. */
  readonly key: string;
  readonly notice: Notice;
}

/**
 * A suspension of a Pipeline is no freeze of a team, and an end that was announced is no news.
 * @param at milliseconds since the epoch
 */
export function freezeFact(change: FreezeChange, at: number): FreezeFact | undefined {
  const { before, now } = change;
  const isOver = (freeze: Freeze): boolean => freeze.until !== undefined && freeze.until <= at;
  const freeze = now ?? before;
  if (freeze === undefined || freeze.suspends === true) return undefined;
  if (before === undefined) return isOver(freeze) ? undefined : factOf('made', freeze, change, at);
  const ended = now === undefined || isOver(now);
  return ended && !isOver(before) ? factOf('ended', freeze, change, at) : undefined;
}

function factOf(deed: 'made' | 'ended', freeze: Freeze, { uid }: FreezeChange, at: number): FreezeFact {
  const { reason, author, endedBy, until, environments } = freeze;
  const by = deed === 'made' ? author : endedBy;
  const what = `${formatPipelineRef(freeze)}: ${scopeOf(freeze)}`;
  const who = by === undefined ? '' : ` By ${by}.`;
  const said =
    deed === 'made'
      ? `${what} wait${periodOf(freeze)}.${who} Reason: ${reason}`
      : `${what} continue.${who} It was frozen because: ${reason}`;
  return {
    key: `${deed}/${instanceOf(freeze, uid, at)}`,
    notice: noticeOf(
      deed === 'made' ? 'freeze-made' : 'freeze-ended',
      freeze,
      said,
      {
        environment: environments?.join(', '),
        by,
        until: deed === 'made' && until !== undefined ? readableTime(until) : undefined,
        command:
          deed === 'made' ? commandLine(['windlass', 'unfreeze', formatPipelineRef(freeze)]) : undefined,
      },
      at,
    ),
  };
}

/** A file has no uid: the same text is another freeze on another day. */
function instanceOf(freeze: Freeze, uid: string | undefined, at: number): string {
  const day = new Date(at).toISOString().slice(0, 10);
  const { reason, author, from } = freeze;
  return sha256Hex(uid ?? JSON.stringify([day, reason, author, from])).slice(0, 12);
}

/** "promotions of shop in apps into prod", "all promotions in apps" */
function scopeOf({ namespace, allNamespaces, pipelines, environments }: Freeze): string {
  const { names, matchLabels } = pipelines ?? {};
  const labels = Object.entries(matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const where = allNamespaces === true ? 'all namespaces' : namespace;
  const into = environments === undefined ? '' : ` into ${environments.join(', ')}`;
  return `${selectedBy(names, labels)} in ${where}${into}`;
}

function selectedBy(names: readonly string[] | undefined, labels: readonly string[]): string {
  const having = labels.join(', ');
  if (names === undefined) return having === '' ? 'all promotions' : `promotions of Pipelines with ${having}`;
  return `promotions of ${names.join(', ')}${having === '' ? '' : `, where they have ${having},`}`;
}

function periodOf({ from, until }: Freeze): string {
  const begin = from === undefined ? '' : ` from ${readableTime(from)}`;
  return `${begin}${until === undefined ? ' until the freeze is removed' : ` until ${readableTime(until)}`}`;
}

/** `suspend`, `resume`, `freeze`, `unfreeze` */
import { type NewFreeze } from '../../operator/schemas/freezes';
import { type Session } from '../access/open-session';
import { CommandFault, type Ending } from '../exit-codes';
import { parseMoment } from '../text/moment';
import { freezeScope } from '../views/freezes';
import { type ActFlags, confirm, type ConfirmFlags, report } from './act';
import { defined } from './defined';
import { parseNamespacedName } from './pipeline-argument';

export interface SuspendFlags extends ActFlags {
  readonly environment?: string;
  readonly reason: string;
}

export async function suspend(session: Session, pipeline: string, flags: SuspendFlags): Promise<Ending> {
  const params = parseNamespacedName('Pipeline', pipeline);
  const body = { reason: flags.reason, ...defined({ environment: flags.environment }) };
  return report(session, flags, await session.client.call('suspend', { params, body }));
}

export interface ResumeFlags extends ActFlags {
  readonly environment?: string;
  readonly reason?: string;
}

export async function resume(session: Session, pipeline: string, flags: ResumeFlags): Promise<Ending> {
  const params = parseNamespacedName('Pipeline', pipeline);
  const body = defined({ environment: flags.environment, reason: flags.reason });
  return report(session, flags, await session.client.call('resume', { params, body }));
}

export interface FreezeFlags extends ActFlags, ConfirmFlags {
  readonly namespace: string;
  readonly reason: string;
  readonly from?: string;
  readonly until?: string;
  readonly environment?: readonly string[];
  readonly pipeline?: readonly string[];
  readonly selector?: readonly string[];
}

export async function freeze(session: Session, flags: FreezeFlags): Promise<Ending> {
  const body = freezeOf(flags, session.now());
  const { from, until } = body;
  const since = from === undefined ? 'from now' : `from ${from}`;
  const end = until === undefined ? 'until someone ends it with windlass unfreeze' : `until ${until}`;
  const scope = freezeScope({
    environments: body.environments,
    pipelines: body.pipelines,
  });
  await confirm(
    session,
    flags,
    `This holds the promotions of ${scope} in the namespace ${flags.namespace}, ${since} ${end}. What is merged by then continues.`,
  );
  return report(session, flags, await session.client.call('freeze', { body }));
}

export async function unfreeze(session: Session, freezeName: string, flags: ActFlags): Promise<Ending> {
  const params = parseNamespacedName('freeze', freezeName);
  return report(session, flags, await session.client.call('unfreeze', { params }));
}

function freezeOf(flags: FreezeFlags, now: number): NewFreeze {
  const { namespace, reason, environment, pipeline, selector } = flags;
  const from = flags.from === undefined ? undefined : parseMoment('--from', flags.from, now, 1);
  const until = flags.until === undefined ? undefined : parseMoment('--until', flags.until, now, 1);
  if (until !== undefined && until <= (from ?? new Date(now).toISOString()))
    throw new CommandFault('usage', '--until must be later than now, and than --from.');
  const matchLabels = selector === undefined ? undefined : Object.fromEntries(selector.map(labelOf));
  const pipelines =
    pipeline === undefined && matchLabels === undefined
      ? undefined
      : defined({ names: pipeline === undefined ? undefined : [...pipeline], matchLabels });
  const environments = environment === undefined ? undefined : [...environment];
  return { namespace, reason, ...defined({ from, until, environments, pipelines }) };
}

/** @throws CommandFault usage */
function labelOf(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new CommandFault('usage', `--selector is ${JSON.stringify(text)}: write it as key=value.`);
}

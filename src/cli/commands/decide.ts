/** Acts on one environment of a Pipeline. */
import { overridableGates, type GateName } from '../../domain/gates/registry';
import { type Session } from '../access/open-session';
import { CommandFault, type Ending } from '../exit-codes';
import { ageOf } from '../text/age';
import { runs } from '../views/pipelines';
import {
  type ActFlags,
  type ActPlace,
  confirm,
  type ConfirmFlags,
  reportAndWait,
  timeoutOf,
  type WaitFlags,
} from './act';
import { defined } from './defined';
import { type EnvironmentDetails, readEnvironment } from './environment-details';
import { parseNamespacedName } from './pipeline-argument';

type Flags = ActFlags & WaitFlags & { readonly reason?: string };

function placeOf(pipeline: string, environment: string, version?: string): ActPlace {
  return { ...parseNamespacedName('Pipeline', pipeline), environment, version };
}

const paramsOf = ({ namespace, name, environment }: ActPlace) => ({ namespace, name, environment });

export interface DecisionFlags extends ActFlags, WaitFlags {
  readonly comment?: string;
  readonly head?: string;
}

export async function approve(
  session: Session,
  pipeline: string,
  environment: string,
  version: string,
  flags: DecisionFlags,
): Promise<Ending> {
  timeoutOf(flags);
  const place = placeOf(pipeline, environment, version);
  const body = { version, ...defined({ comment: flags.comment, head: flags.head }) };
  const done = await session.client.call('approve', { params: paramsOf(place), body });
  return reportAndWait(session, flags, done, place, 'proposed');
}

export async function reject(
  session: Session,
  pipeline: string,
  environment: string,
  version: string,
  flags: DecisionFlags & { readonly comment: string },
): Promise<Ending> {
  timeoutOf(flags);
  const place = placeOf(pipeline, environment, version);
  const body = { version, comment: flags.comment, ...defined({ head: flags.head }) };
  const done = await session.client.call('reject', { params: paramsOf(place), body });
  return reportAndWait(session, flags, done, place, 'rejected');
}

export async function retry(
  session: Session,
  pipeline: string,
  environment: string,
  flags: Flags,
): Promise<Ending> {
  timeoutOf(flags);
  const place = placeOf(pipeline, environment);
  const body = defined({ reason: flags.reason });
  const done = await session.client.call('retry', { params: paramsOf(place), body });
  return reportAndWait(session, flags, done, place, 'proposed');
}

export async function cancel(
  session: Session,
  pipeline: string,
  environment: string,
  version: string,
  flags: Flags,
): Promise<Ending> {
  timeoutOf(flags);
  const place = placeOf(pipeline, environment, version);
  const body = { version, ...defined({ reason: flags.reason }) };
  const done = await session.client.call('cancel', { params: paramsOf(place), body });
  return reportAndWait(session, flags, done, place, 'cancelled');
}

export async function promote(
  session: Session,
  pipeline: string,
  environment: string,
  version: string,
  flags: Flags,
): Promise<Ending> {
  timeoutOf(flags);
  const place = placeOf(pipeline, environment, version);
  const body = { version, ...defined({ reason: flags.reason }) };
  const done = await session.client.call('promote', { params: paramsOf(place), body });
  return reportAndWait(session, flags, done, place, 'proposed');
}

/** Without a version, lists those that the environment has run. */
export async function rollback(
  session: Session,
  pipeline: string,
  environment: string,
  version: string | undefined,
  flags: Flags & ConfirmFlags,
): Promise<Ending> {
  timeoutOf(flags);
  const place = placeOf(pipeline, environment, version);
  const interactive = session.terminal.interactive && flags.yes !== true;
  if (version === undefined) {
    const { environment: its } = await readEnvironment(session, place, environment);
    listVersions(session, place, its);
    // What means to roll back, with a version that is empty, must not look as if it had.
    return asksForAct(flags) ? 'usage' : 'done';
  }
  if (flags.reason === undefined)
    throw new CommandFault('usage', 'A rollback needs --reason: it is kept in the record.');
  if (interactive) {
    const { environment: its } = await readEnvironment(session, place, environment);
    const current = runs(its) || 'an unknown version';
    await confirm(
      session,
      flags,
      `${pipeline} ${environment} runs ${current}. Windlass proposes ${version} for it, and holds newer versions until someone promotes one.`,
    );
  }
  const body = { version, reason: flags.reason };
  const done = await session.client.call('rollback', { params: paramsOf(place), body });
  return reportAndWait(session, flags, done, place, 'proposed');
}

export async function override(
  session: Session,
  pipeline: string,
  environment: string,
  version: string,
  flags: Flags & ConfirmFlags & { readonly gates: string; readonly reason: string },
): Promise<Ending> {
  timeoutOf(flags);
  const place = placeOf(pipeline, environment, version);
  const gates = flags.gates.split(',').map(gateOf);
  await confirm(
    session,
    flags,
    `This opens ${gates.join(', ')} for ${version} into ${environment} of ${pipeline} alone: it can be promoted without what they ask for. Your name and the reason are kept in the record.`,
  );
  const body = { version, gates, reason: flags.reason };
  const done = await session.client.call('override', { params: paramsOf(place), body });
  return reportAndWait(session, flags, done, place, 'proposed');
}

function asksForAct({ reason, yes, wait, waitFor }: Flags & ConfirmFlags): boolean {
  return (reason ?? yes ?? wait ?? waitFor) !== undefined;
}

/** @throws CommandFault usage */
function gateOf(text: string): GateName {
  const gate = overridableGates.find((name) => name === text);
  if (gate !== undefined) return gate;
  throw new CommandFault(
    'usage',
    `--gates contains ${JSON.stringify(text)}: the gates that can be opened are ${overridableGates.join(', ')}.`,
  );
}

function listVersions(
  { terminal, now }: Session,
  place: ActPlace,
  { ran }: EnvironmentDetails['environment'],
): void {
  const where = `${place.namespace}/${place.name} ${place.environment}`;
  if (ran.length === 0) {
    terminal.note(`${where} has run no other version that Windlass knows of.`);
    return;
  }
  terminal.note(`Name the version. ${where} can be rolled back to:`);
  for (const { version, at } of ran) terminal.print(`${version}  ${ageOf(at, now())} ago`);
}

/** Which acts are offered where: pure. The server decides again at each request. */
import {
  type ClosedGate,
  type EnvironmentDetails,
  type Freeze,
  type PipelineDetails,
  type Verb,
} from '../api/answers';
import { type Act, type Choice } from './act';
import { isExcluded, isForPeople, openable } from '../gates/closed-gates';

type May = (verb: Verb) => boolean;

export interface Person {
  readonly name: string;
  readonly may: May;
}

type Acting = NonNullable<EnvironmentDetails['acting']>;

/** What acts, as a page shows it. */
export interface Shown extends Pick<Acting, 'version' | 'action'> {
  /** The commit of its pull request that the page shows. */
  readonly head?: string | undefined;
}

/** What a person can decide about the promotion that acts, the nearest first. */
export function actsOnPromotion(
  { version, action, head }: Shown,
  closed: readonly ClosedGate[],
  { name, may }: Person,
): Act[] {
  const decides = action === 'promote' && closed.some(isForPeople) && may('approve');
  const seen = head === undefined ? {} : { head };
  const gates = openable(closed);
  return [
    ...(decides && !isExcluded(name, closed) ? [{ kind: 'approve', version, ...seen } as const] : []),
    ...(decides ? [{ kind: 'reject', version, ...seen } as const] : []),
    ...(action === 'promote' && gates.length > 0 && may('break-glass')
      ? [{ kind: 'override', version, gates } as const]
      : []),
    ...(may('promote') ? [{ kind: 'cancel', version } as const] : []),
  ];
}

/** Whether the person would be asked to approve, if they were someone else. */
export function isApprovalInVain(closed: readonly ClosedGate[], { name, may }: Person): boolean {
  return may('approve') && isExcluded(name, closed);
}

/** What a person can do with an environment besides. */
export function actsOnEnvironment(
  { valid }: Pick<PipelineDetails, 'valid'>,
  environment: EnvironmentDetails,
  { may }: Person,
): Act[] {
  // Nothing is promoted into it, or nothing can be.
  if (environment.strategy === 'none' || !valid) return [];
  const { acting, failed, ran, suspended } = environment;
  return [
    ...(failed !== undefined && acting === undefined && may('promote')
      ? [{ kind: 'retry', version: failed.version } as const]
      : []),
    ...(may('promote') ? [{ kind: 'promote', choices: promotable(environment) } as const] : []),
    ...(ran.length > 0 && may('rollback')
      ? [
          {
            kind: 'rollback',
            choices: ran.map(({ version, at }) => ({ version, note: 'Ran here, reported ', at })),
          } as const,
        ]
      : []),
    ...(may('freeze') ? [{ kind: suspended ? 'resume' : 'suspend' } as const] : []),
  ];
}

/** Others can be typed. What acts, or waits behind it, is promoted anyway. */
function promotable({ acting, queued, held, ahead = [] }: EnvironmentDetails): Choice[] {
  const known = new Set([acting?.version, ...queued]);
  const choices = [
    ...held.map(({ version, because }) => ({ version, note: `Held: ${heldWords[because]}` })),
    ...ahead.map(({ version, at }) => ({ version, note: 'Not here yet, reported ', at })),
  ];
  return choices.filter(
    ({ version }, index) =>
      !known.has(version) && choices.findIndex((each) => each.version === version) === index,
  );
}

export const heldWords: Readonly<Record<EnvironmentDetails['held'][number]['because'], string>> = {
  closed: 'its pull request was closed',
  rejected: 'it was rejected',
  'rolled-back': 'the environment was rolled back',
};

/** What a person can do with the whole Pipeline. @param mayFreeze in its namespace */
export function actsOnPipeline(
  { valid, suspended }: Pick<PipelineDetails, 'valid' | 'suspended'>,
  { may }: Person,
  mayFreeze: boolean,
): Act[] {
  if (!valid) return [];
  return [
    ...(may('freeze') ? [{ kind: suspended ? 'resume' : 'suspend' } as const] : []),
    ...(mayFreeze ? [{ kind: 'freeze' } as const] : []),
  ];
}

/** Only what the API made can be ended by it. */
export function actsOnFreeze({ namespace, name, ours }: Freeze, mayFreeze: boolean): Act[] {
  return ours && mayFreeze ? [{ kind: 'unfreeze', freeze: { namespace, name } }] : [];
}

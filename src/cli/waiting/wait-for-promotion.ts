import { type PipelineDetails } from '../../operator/schemas/pipelines';
import { type Session } from '../access/open-session';
import { CommandFault, type Ending } from '../exit-codes';
import { type Goal, progressTo } from './goal';

/** The promotion of a version into an environment. */
export interface Awaited {
  readonly namespace: string;
  readonly name: string;
  readonly environment: string;
  /** Undefined: of a retry that the server had done before, what acts now. */
  readonly version: string | undefined;
  /** Its id, where the act's answer has it. */
  readonly promotion: string | undefined;
  /** When the act was done, RFC 3339: what ended before does not count. */
  readonly since: string;
}

interface Standing {
  readonly state: string;
  readonly ended: boolean;
  readonly sentence: string;
  readonly promotion?: string;
}

const pollMs = 2_000;

/**
 * Waits until the promotion has reached the goal, and prints every change of its sentence.
 * @returns `failed` if it ended otherwise, `timeout` after `timeoutMs`
 * @throws CommandFault when the server refuses to show it
 */
export async function waitForPromotion(
  session: Session,
  awaited: Awaited,
  goal: Goal,
  timeoutMs: number,
): Promise<Ending> {
  const { terminal, now, pause } = session;
  const end = now() + timeoutMs;
  let shown = '';
  let known = awaited;
  for (;;) {
    const standing = await standingOf(session, known);
    if (standing?.promotion !== undefined) known = { ...known, promotion: standing.promotion };
    const line = standing === undefined ? '' : lineOf(standing);
    if (line !== '' && line !== shown) terminal.note(line);
    shown = line === '' ? shown : line;
    const progress = standing === undefined ? 'waiting' : progressTo(goal, standing.state, standing.ended);
    if (progress === 'reached') return 'done';
    if (progress === 'missed') return 'failed';
    if (now() + pollMs > end) {
      terminal.note(
        `Not ${goal} within --timeout. What was asked for stays in force; windlass why shows the state.`,
      );
      return 'timeout';
    }
    await pause(pollMs);
  }
}

const lineOf = ({ state, sentence }: Standing): string => (sentence === '' ? state : `${state}: ${sentence}`);

/** Undefined: it is not there yet, or the server does not answer for now. */
async function standingOf(session: Session, awaited: Awaited): Promise<Standing | undefined> {
  try {
    return awaited.promotion === undefined
      ? await standingInLane(session, awaited)
      : await standingOfPromotion(session, awaited.promotion);
  } catch (error) {
    if (error instanceof CommandFault && (error.ending === 'away' || error.ending === 'missing'))
      return undefined;
    throw error;
  }
}

async function standingOfPromotion({ client }: Session, id: string): Promise<Standing> {
  const { state, ended, sentence } = await client.call('getPromotion', { params: { id } });
  return { state, ended, sentence: sentence ?? '' };
}

async function standingInLane({ client }: Session, awaited: Awaited): Promise<Standing | undefined> {
  const { namespace, name } = awaited;
  const pipeline = await client.call('getPipeline', { params: { namespace, name } });
  const environment = pipeline.environments.find((each) => each.name === awaited.environment);
  return environment === undefined ? undefined : standingIn(environment, awaited);
}

function standingIn(
  { acting, settling, last, sentence }: PipelineDetails['environments'][number],
  { version, since }: Awaited,
): Standing | undefined {
  const isIt = (candidate: { readonly version: string } | undefined): boolean =>
    candidate !== undefined && candidate.version === version;
  if (acting !== undefined && (version === undefined || isIt(acting))) {
    const state = acting.state ?? 'promoting';
    return { state, ended: false, sentence, promotion: acting.promotion };
  }
  if (settling !== undefined && isIt(settling))
    return { state: settling.stage, ended: false, sentence, promotion: settling.promotion };
  if (last !== undefined && isIt(last) && Date.parse(last.at) >= Date.parse(since))
    return { state: last.state, ended: true, sentence };
  return undefined;
}

import { type ProblemCode, problem } from '../../operator/schemas/problem';
import { CommandFault, type Ending } from '../exit-codes';
import { plainValue } from '../text/plain';
import { type HttpAnswer } from './transport';

/** How a command ends after each problem. */
const endings: Readonly<Record<ProblemCode, Exclude<Ending, 'done'>>> = {
  'bad-request': 'usage',
  unauthenticated: 'denied',
  forbidden: 'denied',
  'not-found': 'missing',
  'method-not-allowed': 'failed',
  conflict: 'failed',
  'too-large': 'failed',
  'unsupported-media-type': 'failed',
  'too-many-requests': 'away',
  unavailable: 'away',
  'no-worker': 'away',
  internal: 'failed',
};

/** The same for answers that are not the API's, such as a proxy's. */
const endingsByStatus: Readonly<Record<number, Exclude<Ending, 'done'>>> = {
  401: 'denied',
  403: 'denied',
  404: 'missing',
  429: 'away',
  502: 'away',
  503: 'away',
  504: 'away',
};

/** The refusal of the server in its own sentence. */
export function refusalOf(server: URL, answer: HttpAnswer): CommandFault {
  const said = readProblem(answer);
  if (said === undefined) {
    return new CommandFault(
      endingsByStatus[answer.status] ?? 'failed',
      `${server.host} answered ${answer.status}, not as Windlass does: check the address of the server.`,
    );
  }
  const next = said.code === 'unauthenticated' ? ' Log in again with `windlass login`.' : '';
  return new CommandFault(endings[said.code], `${said.detail}${next}`);
}

/** What passes in a moment, for the same request; a missing worker is not of that kind. */
export function mayComeLater(answer: HttpAnswer): boolean {
  const code = readProblem(answer)?.code;
  if (code === 'no-worker') return false;
  return [429, 502, 503, 504].includes(answer.status);
}

function readProblem({ text, type }: HttpAnswer) {
  if (type !== 'application/problem+json') return undefined;
  try {
    const parsed = problem.safeParse(plainValue(JSON.parse(text) as unknown));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

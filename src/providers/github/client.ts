import { Octokit } from '@octokit/rest';
import { type CallContext } from '../answers';
import { type Outbound } from '../../http/outbound/outbound';
import { type GithubRefusal, githubFailure, refusalOf, unansweredFailure } from './errors';

type Answer = { readonly data: unknown } | { readonly refusal: GithubRefusal };
type Call = (
  octokit: Octokit['rest'],
  request: { readonly signal: AbortSignal },
) => Promise<{ data: unknown }>;

/** octokit over our own fetch: one attempt a call, no log, failures classified. */
export interface GithubClient {
  /** @returns the answer's data */
  ask(signal: AbortSignal, call: Call): Promise<unknown>;
  /** The same for callers that make sense of a refusal themselves. */
  tell(signal: AbortSignal, call: Call): Promise<Answer>;
}

export function githubClient(
  { apiUrl, token, outbound }: { readonly apiUrl: URL; readonly token: string; readonly outbound: Outbound },
  context: CallContext,
): GithubClient {
  const { rest } = new Octokit({
    auth: token,
    baseUrl: apiUrl.href.replace(/\/$/, ''),
    userAgent: 'windlass',
    request: { fetch: outbound.fetch },
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  });
  const tell = async (signal: AbortSignal, call: Call): Promise<Answer> => {
    try {
      return { data: (await call(rest, { signal })).data };
    } catch (error) {
      signal.throwIfAborted();
      const refusal = refusalOf(error, token);
      if (refusal === undefined) throw unansweredFailure(error, context);
      return { refusal };
    }
  };
  return {
    tell,
    ask: async (signal, call) => {
      const answer = await tell(signal, call);
      if ('refusal' in answer) throw githubFailure(answer.refusal, context);
      return answer.data;
    },
  };
}

/** octokit writes deprecations and failures to the console otherwise; failures are ours to tell. */
function ignore(): void {
  return undefined;
}

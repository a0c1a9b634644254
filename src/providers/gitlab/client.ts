import { MergeRequestNotes, MergeRequests } from '@gitbeaker/rest';
import { type Outbound } from '../../http/outbound/outbound';
import { type CallContext, refusalFailure } from '../answers';
import { GitlabRefusal, judge } from './errors';
import { requesterOver } from './requester';

interface GitlabApi {
  readonly mergeRequests: MergeRequests;
  readonly notes: MergeRequestNotes;
}
type Answer = { readonly data: unknown } | { readonly refusal: GitlabRefusal };
type Call = (api: GitlabApi) => Promise<unknown>;

/** gitbeaker over our own fetch: one attempt a call, failures classified. */
export interface GitlabClient {
  /** @returns the answer's data */
  ask(signal: AbortSignal, call: Call): Promise<unknown>;
  /** The same for callers that make sense of a refusal themselves. */
  tell(signal: AbortSignal, call: Call): Promise<Answer>;
}

/** @param host the API's URL without `/api/v4`, which gitbeaker adds */
export function gitlabClient(
  { host, token, outbound }: { readonly host: string; readonly token: string; readonly outbound: Outbound },
  context: CallContext,
): GitlabClient {
  // gitbeaker takes no signal for a call, so each call has a client of its own.
  const apiFor = (signal: AbortSignal): GitlabApi => {
    const options = {
      host,
      // As Bearer: the one header that takes OAuth tokens too, besides personal, project and group tokens.
      // https://docs.gitlab.com/api/rest/authentication/#personalprojectgroup-access-tokens
      oauthToken: token,
      queryTimeout: null,
      requesterFn: requesterOver(outbound, signal, (answer) => judge(answer, token, context)),
    };
    return { mergeRequests: new MergeRequests(options), notes: new MergeRequestNotes(options) };
  };
  const tell = async (signal: AbortSignal, call: Call): Promise<Answer> => {
    try {
      return { data: await call(apiFor(signal)) };
    } catch (error) {
      if (error instanceof GitlabRefusal) return { refusal: error };
      throw error;
    }
  };
  return {
    tell,
    ask: async (signal, call) => {
      const answer = await tell(signal, call);
      if ('refusal' in answer) throw refusalFailure(answer.refusal, context);
      return answer.data;
    },
  };
}

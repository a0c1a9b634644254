import { type ApiCredentials } from '../../domain/credentials';
import { type Pace } from '../../domain/budget/pace';
import { type CallTarget, type KnownRefusal, type RefusedAnswer } from './refusal';
import { type Paginate } from './paginate';

/** What the client needs to know of one service's REST API. */
export interface RestApi {
  /** The end of the API's path where it is always the same, to be added to an `apiUrl` without it; else empty. */
  readonly basePath: string;
  /** The headers by which a request shows who makes it. */
  readonly authorization: (credentials: ApiCredentials) => Readonly<Record<string, string>>;
  /** The sentences in a refusal's JSON; none where it is not in the service's own shape. */
  readonly sentences: (body: unknown) => readonly string[];
  /** Whether a refusal other than 429 asks for fewer requests. */
  readonly isRateLimit?: (answer: RefusedAnswer) => boolean;
  /** What a refusal of any request means that its status alone does not say. */
  readonly known?: (answer: RefusedAnswer, target: CallTarget) => KnownRefusal | undefined;
  /** Whether an answer below 400 without JSON is the page on which people sign in: some services have no 401 for it. */
  readonly isSignIn?: (answer: { readonly status: number }) => boolean;
  readonly paginate: Paginate;
  /** What the service publishes of its limits and its headers do not say; absent: nothing. */
  readonly pace?: Pace;
  /** Whether a request counts for the pace's limits on changes; absent: all but GET. @param path of the API */
  readonly isChange?: (method: string, path: string) => boolean;
  /** An answer of 304 does not count. */
  readonly unchangedIsFree?: true;
}

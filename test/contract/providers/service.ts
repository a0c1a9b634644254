import { type ProviderModule } from '../../../src/providers/port';
import { type Mishap } from './interposer';

/** A pull request as the service itself keeps it. */
export interface ServicePullRequest {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly head: string;
  readonly base: string;
  readonly open: boolean;
  readonly comments: readonly string[];
}

/** A status of `windlass/gates`, in the port's words. */
export interface ServiceGate {
  readonly state: string;
  readonly description: string;
  readonly url: string | undefined;
}

/** Fakes answer at once, servers do not. */
type MaybePromise<T> = T | Promise<T>;

/** A service that an implementation is tried against, with two repositories that have the branch `main`. */
export interface Service {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  createBranch(repository: string, branch: string): Promise<void>;
  pullRequests(repository: string): MaybePromise<readonly ServicePullRequest[]>;
  /** A commit on a branch, which is made where it is not there. @returns its id */
  push(
    repository: string,
    branch: string,
    person?: { readonly name: string; readonly email: string },
  ): Promise<string>;
  /** Several of them in one push, where one after another takes too long. @returns the id of the last */
  pushMany?(repository: string, branch: string, count: number): Promise<string>;
  /** What a person does in the browser. */
  merge(repository: string, number: number, person: string): Promise<void>;
  reject(repository: string, number: number, person: string): Promise<void>;
  remark(repository: string, number: number, person: string, body: string): Promise<void>;
  /** Makes `windlass/gates` a condition of merges into `main`. */
  requireGates(repository: string): MaybePromise<void>;
  /** Makes the pull request's changes conflict with its base, `main`. */
  conflict(repository: string, number: number): Promise<void>;
  /** A check of somebody else. */
  report(
    repository: string,
    head: string,
    name: string,
    state: 'running' | 'success' | 'failure' | 'skipped',
  ): MaybePromise<void>;
  /** Every `windlass/gates` that a commit has had, the newest first. */
  gates(repository: string, head: string): MaybePromise<readonly ServiceGate[]>;
  close(): Promise<void>;
}

export interface ContractCase {
  readonly module: ProviderModule;
  readonly token: string;
  readonly repositories: readonly [string, string];
  /** @param open how many pull requests are open in the first repository from the start: 1, 2, and so on */
  start(open?: number): Promise<Service>;
  /** The name of the user whose token it is. */
  readonly user: string;
  /** The HTTP methods that change something, so that mishaps can meet them. */
  readonly methods: {
    readonly create: string;
    readonly check: string;
    readonly merge: string;
    readonly comment: string;
  };
  /** What an answer to `create` looks like with this address of the page; absent where the address is not taken from answers. */
  readonly createdAt?: (page: string) => object;
  /** To who asks for a second pull request, the service answers with the open one: several at once may all have created it. */
  readonly answersWithOpenOne?: true;
  /** A comment as it is on the service. */
  readonly commented: (key: string, body: string) => string;
  /** How many pull requests there are where there are many, and what following them may cost in requests. */
  readonly many: {
    readonly open: number;
    readonly first: number;
    readonly unchanged: number;
    readonly changed: number;
  };
  /** How long the service may take to answer; absent: it answers at once. */
  readonly timeoutMs?: number;
  /** How many requests one pull request's conflicts may cost; absent: one. */
  readonly conflictRequests?: number;
  /** How many UTF-16 code units a check's description may have. */
  readonly descriptionLimit: number;
  /** The ways in which this service says that there were too many requests. */
  readonly rateLimits: readonly {
    readonly name: string;
    readonly answer: Extract<Mishap, { kind: 'answer' }>;
    /** Milliseconds; the bounds of what may be asked for. */
    readonly wait: readonly [number, number];
  }[];
  /** How this service refuses a right that the token lacks. */
  readonly forbidden: Extract<Mishap, { kind: 'answer' }>;
}

/** A pull request's labels and people as the service itself keeps them, in the names that a Pipeline has for them. */
export interface ServiceDecorations {
  readonly labels: readonly string[];
  /** Users and teams. */
  readonly reviewers: readonly string[];
  readonly assignees: readonly string[];
  readonly draft: boolean;
}

/** A service with labels, people and the ways to merge. What it does not have (`module.features`), it is not asked for. */
export interface DecoratedService extends Service {
  decorations(repository: string, number: number): MaybePromise<ServiceDecorations>;
  /** What a person adds in the browser: one label, one reviewer, one assignee. */
  decorateByHand(
    repository: string,
    number: number,
    added: { readonly label?: string; readonly reviewer?: string; readonly assignee?: string },
  ): MaybePromise<void>;
  /** Makes squashing what happens where nothing is said, next to merge commits; absent: no setting of the service does. */
  preferSquash?(repository: string): MaybePromise<void>;
  branchExists(repository: string, branch: string): MaybePromise<boolean>;
  /** How many parents the newest commit of `main` has. */
  parentsOfMain(repository: string): MaybePromise<number>;
}

export interface DecorationCase extends ContractCase {
  start(open?: number): Promise<DecoratedService>;
  /** Whom and what the service of `start` has. */
  readonly decorations: {
    readonly labels: readonly [string, string];
    /** They may review, and pull requests may be assigned to them. */
    readonly users: readonly [string, string];
    readonly team: string;
    readonly unknownUser: string;
    readonly unknownTeam: string;
    /** A label that cannot be added; absent where the service makes the ones that are missing. */
    readonly unknownLabel?: string;
    /** How many assignees a pull request can have; absent: two and more. */
    readonly maxAssignees?: number;
  };
}

/** As most services have it: HTML comments do not show. */
export const commentedInHtml: ContractCase['commented'] = (key, body) =>
  `<!-- windlass:${encodeURIComponent(key)} -->\n${body}`;

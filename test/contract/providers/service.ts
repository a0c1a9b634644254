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

/** A service that an implementation is tried against, with two repositories that have the branch `main`. */
export interface Service {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  createBranch(repository: string, branch: string): Promise<void>;
  pullRequests(repository: string): readonly ServicePullRequest[];
  close(): Promise<void>;
}

export interface ContractCase {
  readonly module: ProviderModule;
  readonly token: string;
  readonly repositories: readonly [string, string];
  start(): Promise<Service>;
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

import { type FailureCode } from './errors';

/** What a hosting service's Git server may refuse for. */
export type RefusalCode = Extract<
  FailureCode,
  | 'lease-lost'
  | 'rate-limited'
  | 'branch-protected'
  | 'push-rule'
  | 'signature-required'
  | 'workflow-scope'
  | 'bad-credentials'
  | 'repository-not-found'
  | 'forbidden'
  | 'provider-unavailable'
>;

/** Words in which a Git server refuses, passed on by git with an exit code that is the same for everything. */
export interface ServerRefusal {
  readonly code: RefusalCode;
  /** Not global: it is tested again and again. */
  readonly pattern: RegExp;
  /** The one operation in which the words mean this; absent: any. */
  readonly only?: 'fetch' | 'push';
}

/**
 * A pipeline: one application and the ordered environments that it moves through.
 * These are the parsed types; `src/resources/parse-manifests.ts` reads and validates manifests.
 */
import { type ApprovalSettings } from '../approvals/approval-settings';
import { type Window } from '../windows/window';

export interface PipelineRef {
  readonly namespace: string;
  readonly name: string;
}

export interface AppRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

export interface Target {
  readonly namespace: string;
  /** `namespace/name` of the cluster object, for display; absent: the management cluster itself. */
  readonly cluster?: string;
}

/** The Git hosting services that a Pipeline can name, as in `spec.promotion.strategy.pull-request.type`. */
export const providerTypes = [
  'github',
  'gitlab',
  'bitbucket-server',
  'bitbucket-cloud',
  'azure-devops',
  'gitea',
] as const;
export type ProviderType = (typeof providerTypes)[number];

/** Whom a commit names; what is absent, the installation says. */
export interface PersonSettings {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
}

/** How promotion commits look; what is absent, the installation says. */
export interface CommitSettings {
  readonly author?: PersonSettings;
  readonly committer?: PersonSettings;
  /** See `src/domain/promotion/commit-message.ts`. */
  readonly messageTemplate?: string;
  /** Name of the Secret, in the Pipeline's namespace, with the key that signs. */
  readonly signingSecretName?: string;
}

/** How pull requests look, and how they are merged. */
export interface PullRequestStyle {
  /** See `src/domain/promotion/pull-request-template.ts`; absent: what Windlass writes. */
  readonly title?: string;
  readonly body?: string;
  readonly labels?: readonly string[];
  readonly reviewers?: { readonly users: readonly string[]; readonly teams: readonly string[] };
  readonly assignees?: readonly string[];
  /** Opens pull requests as drafts. */
  readonly draft?: boolean;
  readonly squash?: boolean;
  readonly deleteBranch?: boolean;
}

export interface PullRequestStrategy extends PullRequestStyle {
  readonly kind: 'pull-request';
  readonly provider: ProviderType;
  /** The repository's URL: https, http, ssh or scp-like; never with credentials. */
  readonly url: string;
  readonly baseBranch: string;
  /** The URL of the provider's API, if it does not follow from the repository's host. */
  readonly apiUrl?: string;
  /** Name of the Secret, in the Pipeline's namespace, with Git credentials and `token`. */
  readonly secretName: string;
  readonly commit?: CommitSettings;
}

export interface NotificationStrategy {
  readonly kind: 'notification';
}

export type Strategy = PullRequestStrategy | NotificationStrategy;

export interface PromotionBlock {
  /** Holds the promotion until someone approves its version. */
  readonly manual: boolean;
  readonly strategy: Strategy;
  /** Name of the Secret with `hmac-key` (`strategy.secretRef`). */
  readonly hmacSecretName?: string;
}

/** Another pipeline must run a version in one of its environments first. */
export interface Dependency {
  readonly pipeline: PipelineRef;
  readonly environment: string;
  /** A range of versions, as of npm: `>=1.2`. */
  readonly version: string;
}

/** What a promotion waits for besides its promotion block. */
export interface GateSettings {
  readonly approvals?: ApprovalSettings;
  readonly dependsOn?: readonly Dependency[];
  /** An empty list is none. */
  readonly windows?: readonly Window[];
  /** How long a version runs in the source environment first, in milliseconds; 0 is no time. */
  readonly soakMs?: number;
  /** `tested`: only what has passed its Helm tests in the environment before. */
  readonly promoteOn?: 'upgraded' | 'tested';
  /** Whether these gates stand before the pull request, or only before its merge. */
  readonly stage?: 'proposal' | 'merge';
  /** Windlass merges the pull request itself. */
  readonly autoMerge?: boolean;
  /** How long a promotion waits for gates and people before it ends, in milliseconds; 0 is forever. */
  readonly expireAfterMs?: number;
  /** How long after its merge a promotion waits for the environment's report, in milliseconds. */
  readonly deployTimeoutMs?: number;
  /** Whether a newer version takes the place of one that waits, or waits behind it. */
  readonly supersede?: 'latest' | 'queue';
}

export interface Environment {
  readonly name: string;
  /** By which an operator's policy selects it. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly targets: readonly Target[];
  /** How to promote *into* this environment; replaces the pipeline's block as a whole. */
  readonly promotion?: PromotionBlock;
  /** Replaces the pipeline's field by field. */
  readonly gates?: GateSettings;
  /** Promotions into this environment wait (`suspend`). */
  readonly suspended?: boolean;
}

export interface Pipeline extends PipelineRef {
  readonly appRef: AppRef;
  /** Of its metadata. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Other namespaces whose Pipelines may depend on it; `*`: all. */
  readonly dependents?: readonly string[];
  /** Of a page that shows changes: see `changes-link.ts`. */
  readonly changesUrl?: string;
  readonly environments: readonly Environment[];
  readonly promotion?: PromotionBlock;
  /** For every environment that is promoted into. */
  readonly gates?: GateSettings;
  /** Annotation `pipelines.weave.works/allow-unsigned: "true"`. */
  readonly allowUnsigned: boolean;
  /** Annotation `pipelines.weave.works/notify-success: "true"`: people are notified of routine success as well. */
  readonly notifiesSuccess?: true;
  /** All promotions of the pipeline wait (`spec.suspend`). */
  readonly suspended?: boolean;
}

/** The step from one environment into the next, with the promotion block and the gates in force for it. */
export interface Hop {
  readonly from: Environment;
  readonly to: Environment;
  readonly promotion: PromotionBlock;
  readonly gates: GateSettings;
}

export type HopLookup =
  | { readonly found: true; readonly hop: Hop }
  | {
      readonly found: false;
      readonly reason: 'no-such-environment' | 'last-environment' | 'no-promotion';
    };

/**
 * The hop of an event from `environment`. Promotion blocks are not merged: the next environment's own, else the
 * pipeline's. Gates are: its fields, and the pipeline's for those that it does not have.
 */
export function findHop(pipeline: Pipeline, environment: string): HopLookup {
  const index = pipeline.environments.findIndex((e) => e.name === environment);
  const from = pipeline.environments[index];
  if (from === undefined) return { found: false, reason: 'no-such-environment' };
  const to = pipeline.environments[index + 1];
  if (to === undefined) return { found: false, reason: 'last-environment' };
  const promotion = to.promotion ?? pipeline.promotion;
  if (promotion === undefined) return { found: false, reason: 'no-promotion' };
  return { found: true, hop: { from, to, promotion, gates: { ...pipeline.gates, ...to.gates } } };
}

/** The hop into `environment`; undefined where no promotion block is in force for it, and for the first one. */
export function findHopInto(pipeline: Pipeline, environment: string): Hop | undefined {
  const index = pipeline.environments.findIndex(({ name }) => name === environment);
  const before = pipeline.environments[index - 1];
  const lookup = before && findHop(pipeline, before.name);
  return lookup?.found === true ? lookup.hop : undefined;
}

/** The hop from one environment into another, if these are still neighbors and promoted between. */
export function findHopBetween(pipeline: Pipeline, from: string, to: string): Hop | undefined {
  const lookup = findHop(pipeline, from);
  return lookup.found && lookup.hop.to.name === to ? lookup.hop : undefined;
}

/** `namespace/name`, as in messages and search attributes. */
export function formatPipelineRef(ref: PipelineRef): string {
  return `${ref.namespace}/${ref.name}`;
}

/** The inverse of `formatPipelineRef`. */
export function refOf(text: string): PipelineRef {
  const [namespace = '', name = ''] = text.split('/');
  return { namespace, name };
}

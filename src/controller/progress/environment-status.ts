import { clipText } from '../../domain/names';
import { type PromotionProgress, type PromotionTask } from '../../domain/promotion/promotion';
import { rfc3339Seconds } from '../../domain/rfc3339';
import { type ProgressDescription } from './describe-progress';

/** The fields of `status.environments[<environment>]` that a promotion writes. */
export interface EnvironmentStatus {
  readonly waitingApproval?: { readonly revision: string };
  readonly lastPromotion: {
    readonly version: string;
    readonly state: PromotionProgress['state'];
    readonly reason?: string;
    readonly message: string;
    readonly pullRequestUrl?: string;
    readonly workflowId: string;
    readonly startedAt: string;
    readonly approvedAt?: string;
    readonly gatesEnforced?: boolean;
    readonly proposedAt?: string;
    readonly mergedAt?: string;
    readonly deployedAt?: string;
    readonly finishedAt?: string;
  };
}

/** All objects of the cluster share one database, so the status must stay short. */
const messageBytes = 1_024;

export function environmentStatus(
  { version }: PromotionTask,
  { state, code, url, workflowId, startedAt, times = {}, enforced, at }: PromotionProgress,
  { message, ended }: ProgressDescription,
): EnvironmentStatus {
  return {
    ...(state === 'waiting-for-approval' ? { waitingApproval: { revision: version } } : {}),
    lastPromotion: {
      version,
      state,
      ...(code === undefined ? {} : { reason: code }),
      message: clipText(message, messageBytes),
      ...(url === undefined ? {} : { pullRequestUrl: url }),
      workflowId,
      startedAt: rfc3339Seconds(startedAt),
      ...timeOf('approvedAt', times.approvedAt),
      ...(enforced === undefined ? {} : { gatesEnforced: enforced }),
      ...timeOf('proposedAt', times.proposedAt),
      ...timeOf('mergedAt', times.mergedAt),
      ...timeOf('deployedAt', times.deployedAt),
      ...(ended ? { finishedAt: rfc3339Seconds(at) } : {}),
    },
  };
}

function timeOf<Key extends string>(key: Key, at: number | undefined): { readonly [key in Key]?: string } {
  return at === undefined ? {} : ({ [key]: rfc3339Seconds(at) } as { readonly [key in Key]: string });
}

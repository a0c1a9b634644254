import { createHash } from 'node:crypto';
import { type KubeConfig } from '@kubernetes/client-node';
import { type Logger } from 'pino';
import { pipelineGroup } from '../../domain/kubernetes-names';
import { reviewAccess } from '../../kubernetes/reviews';
import { type Authorizer } from '../access';
import { OutageReport } from '../outage-report';
import { RecentAnswers } from '../recent-answers';
import { reviewFailure } from './review-failure';

/** A right that was taken away ends within this time; one that was given begins a little earlier. */
const keptMs = { allowed: 10_000, refused: 5_000 };
const mostKept = 20_000;

export interface AccessReviewOptions {
  readonly kubeConfig: KubeConfig;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly now?: () => number;
}

/** Asks the API server what a caller may do with `pipelines.pipelines.weave.works`: the RBAC of the cluster decides. */
export function accessReviewAuthorizer({ kubeConfig, log, now }: AccessReviewOptions): Authorizer {
  const answers = new RecentAnswers<boolean>({
    max: mostKept,
    keptMs: (allowed) => (allowed ? keptMs.allowed : keptMs.refused),
    ...(now === undefined ? {} : { now }),
  });
  const outage = new OutageReport({
    log,
    what: 'The API server cannot be asked what users may do',
    message:
      'The Kubernetes API server cannot check permissions now. Repeat the request; the log of Windlass says why.',
    reason: (error) => reviewFailure(error, 'subjectaccessreviews.authorization.k8s.io'),
  });
  return {
    allows: (caller, verb, { namespace, name }) => {
      const { uid, extra } = caller;
      const user = {
        name: caller.name,
        groups: caller.groups,
        ...(uid === undefined ? {} : { uid }),
        ...(extra === undefined ? {} : { extra }),
      };
      const attributes = {
        group: pipelineGroup,
        resource: 'pipelines',
        verb,
        ...(namespace === undefined ? {} : { namespace }),
        ...(name === undefined ? {} : { name }),
      };
      const key = createHash('sha256')
        .update(JSON.stringify([user, attributes]))
        .digest('base64');
      return answers.get(key, () => outage.during(() => reviewAccess(kubeConfig, user, attributes)));
    },
  };
}

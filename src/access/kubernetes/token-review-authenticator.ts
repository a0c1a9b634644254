import { createHash } from 'node:crypto';
import { type KubeConfig } from '@kubernetes/client-node';
import { type Logger } from 'pino';
import { isName, longestName } from '../../domain/approvals/approval-settings';
import { type ApiUser, reviewToken } from '../../kubernetes/reviews';
import { type Authentication, type Authenticator } from '../access';
import { OutageReport } from '../outage-report';
import { knownCaller, tokenPrefix } from '../prefixed-names';
import { RecentAnswers } from '../recent-answers';
import { reviewFailure } from './review-failure';

/** A token that was revoked, or that has begun to count, is noticed soon. */
const keptMs = 10_000;
const mostKept = 5_000;

export interface TokenReviewOptions {
  readonly kubeConfig: KubeConfig;
  /** One of which a token must be for; none: the API server's own. */
  readonly audiences: readonly string[];
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly now?: () => number;
}

/** Asks the API server who has a token. Every token that it is given goes there. */
export function tokenReviewAuthenticator({
  kubeConfig,
  audiences,
  log,
  now,
}: TokenReviewOptions): Authenticator {
  const answers = new RecentAnswers<ApiUser | undefined>({
    max: mostKept,
    keptMs: () => keptMs,
    ...(now === undefined ? {} : { now }),
  });
  const outage = new OutageReport({
    log,
    what: 'The API server cannot be asked who has a token',
    message:
      'The Kubernetes API server cannot check tokens now. Repeat the request; the log of Windlass says why.',
    reason: (error) => reviewFailure(error, 'tokenreviews.authentication.k8s.io'),
  });
  return {
    authenticate: async (token) => {
      const key = createHash('sha256').update(token).digest('base64');
      const user = await answers.get(key, () =>
        outage.during(() => reviewToken(kubeConfig, token, audiences)),
      );
      return user === undefined ? undefined : callerOf(user);
    },
  };
}

function callerOf(user: ApiUser): Authentication {
  const { name, groups } = user;
  if (![name, ...groups].every(isName)) {
    const fault = `The token names a user or group of Kubernetes that is longer than ${longestName} characters or has invisible characters: use another user.`;
    return { known: false, fault };
  }
  if ([name, ...groups].some((each) => each.startsWith(tokenPrefix))) {
    const fault = `The token names a user or group of Kubernetes that begins with ${tokenPrefix}, as only static tokens may: use another user.`;
    return { known: false, fault };
  }
  return knownCaller({ ...user, via: 'kubernetes' });
}

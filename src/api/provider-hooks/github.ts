import { type HookService } from './hook-service';
import { bodySignedWith, claimedRepositories } from './signed-body';

/**
 * GitHub's webhooks: `X-Hub-Signature-256` is over the bytes of the body
 * (https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries).
 */
export const githubHooks: HookService = {
  provider: 'github',
  read: (headers, body) => {
    const hex = /^sha256=([0-9a-f]{64})$/i.exec(headers('x-hub-signature-256') ?? '')?.[1];
    const event = headers('x-github-event') ?? '';
    return {
      event,
      isHint: event === 'pull_request',
      claimed: claimedRepositories(body),
      isProvedBy: bodySignedWith(body, hex),
    };
  },
};

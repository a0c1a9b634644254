import { type HookService } from './hook-service';
import { bodySignedWith, claimedRepositories } from './signed-body';

/**
 * The webhooks of Gitea and Forgejo: `X-Gitea-Signature` is over the bytes of the body, in plain hexadecimal. Forgejo sends it
 * under its own name too (https://forgejo.org/docs/latest/user/webhooks/), which counts where the other is missing.
 */
export const giteaHooks: HookService = {
  provider: 'gitea',
  read: (headers, body) => {
    const either = (name: string) => headers(`x-gitea-${name}`) ?? headers(`x-forgejo-${name}`) ?? '';
    const hex = /^[0-9a-f]{64}$/i.exec(either('signature'))?.[0];
    const event = either('event');
    return {
      event,
      // Also where it was pushed to, labeled, assigned: `X-Gitea-Event-Type` tells these apart.
      isHint: event === 'pull_request',
      claimed: claimedRepositories(body),
      isProvedBy: bodySignedWith(body, hex),
    };
  },
};

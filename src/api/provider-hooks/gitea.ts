import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type HookService } from './hook-service';
import { readPayload, repositoryUrls } from './payload';

/** https://docs.gitea.com/usage/webhooks: every event of a repository's webhook has it. */
const payloadSchema = z.object({
  repository: z.object({
    clone_url: z.string().nullish(),
    ssh_url: z.string().nullish(),
    html_url: z.string().nullish(),
  }),
});

const noDigest = Buffer.alloc(32);

/**
 * The webhooks of Gitea and Forgejo: `X-Gitea-Signature` is over the bytes of the body, in plain hexadecimal. Forgejo sends it
 * under its own name too (https://forgejo.org/docs/latest/user/webhooks/), which counts where the other is missing.
 */
export const giteaHooks: HookService = {
  provider: 'gitea',
  read: (headers, body) => {
    const either = (name: string) => headers(`x-gitea-${name}`) ?? headers(`x-forgejo-${name}`) ?? '';
    const repository = readPayload(body, payloadSchema)?.repository;
    const hex = /^[0-9a-f]{64}$/i.exec(either('signature'))?.[0];
    const digest = hex === undefined ? noDigest : Buffer.from(hex, 'hex');
    const event = either('event');
    return {
      event,
      // Also where it was pushed to, labeled, assigned: `X-Gitea-Event-Type` tells these apart.
      isHint: event === 'pull_request',
      claimed: repositoryUrls([repository?.clone_url, repository?.ssh_url, repository?.html_url]),
      isProvedBy: (secret) => {
        const expected = createHmac('sha256', secret).update(body).digest();
        return timingSafeEqual(expected, digest) && hex !== undefined;
      },
    };
  },
};

import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type HookService } from './hook-service';
import { readPayload, repositoryUrls } from './payload';

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads: every event of a repository's webhook has it. */
const payloadSchema = z.object({
  repository: z.object({
    clone_url: z.string().nullish(),
    ssh_url: z.string().nullish(),
    html_url: z.string().nullish(),
  }),
});

const noDigest = Buffer.alloc(32);

/**
 * GitHub's webhooks: `X-Hub-Signature-256` is over the bytes of the body
 * (https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries).
 */
export const githubHooks: HookService = {
  provider: 'github',
  read: (headers, body) => {
    const repository = readPayload(body, payloadSchema)?.repository;
    const hex = /^sha256=([0-9a-f]{64})$/i.exec(headers('x-hub-signature-256') ?? '')?.[1];
    const digest = hex === undefined ? noDigest : Buffer.from(hex, 'hex');
    const event = headers('x-github-event') ?? '';
    return {
      event,
      isHint: event === 'pull_request',
      claimed: repositoryUrls([repository?.clone_url, repository?.ssh_url, repository?.html_url]),
      isProvedBy: (secret) => {
        const expected = createHmac('sha256', secret).update(body).digest();
        return timingSafeEqual(expected, digest) && hex !== undefined;
      },
    };
  },
};

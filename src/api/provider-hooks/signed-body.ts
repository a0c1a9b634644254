/** What GitHub and Gitea, which took its webhooks after GitHub's, have in common. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { readPayload, repositoryUrls } from './payload';

/**
 * Every event of a repository's webhook has it: https://docs.github.com/en/webhooks/webhook-events-and-payloads and
 * https://docs.gitea.com/usage/webhooks.
 */
const payloadSchema = z.object({
  repository: z.object({
    clone_url: z.string().nullish(),
    ssh_url: z.string().nullish(),
    html_url: z.string().nullish(),
  }),
});

const noDigest = Buffer.alloc(32);

/** @returns the URLs of the repository that the body names */
export function claimedRepositories(body: Uint8Array): ReturnType<typeof repositoryUrls> {
  const repository = readPayload(body, payloadSchema)?.repository;
  return repositoryUrls([repository?.clone_url, repository?.ssh_url, repository?.html_url]);
}

/**
 * @param hex the HMAC-SHA256 of the body's bytes that came with it; undefined: none, or one that is malformed
 * @returns whether a secret made it; the same work is done for one that is missing
 */
export function bodySignedWith(body: Uint8Array, hex: string | undefined): (secret: Uint8Array) => boolean {
  const digest = hex === undefined ? noDigest : Buffer.from(hex, 'hex');
  return (secret) => {
    const expected = createHmac('sha256', secret).update(body).digest();
    return timingSafeEqual(expected, digest) && hex !== undefined;
  };
}

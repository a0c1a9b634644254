import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type HookService } from './hook-service';
import { readPayload, repositoryUrls } from './payload';

/** https://docs.gitlab.com/user/project/integrations/webhook_events/: every event of a project's webhook has it. */
const payloadSchema = z.object({
  project: z.object({
    git_http_url: z.string().nullish(),
    git_ssh_url: z.string().nullish(),
    web_url: z.string().nullish(),
  }),
});

/** GitLab's webhooks: `X-Gitlab-Token` is the secret itself (https://docs.gitlab.com/user/project/integrations/webhooks/). */
export const gitlabHooks: HookService = {
  provider: 'gitlab',
  read: (headers, body) => {
    const project = readPayload(body, payloadSchema)?.project;
    const token = headers('x-gitlab-token');
    // Node decodes the bytes of headers as Latin-1.
    const tokenBytes = Buffer.from(token ?? '', 'latin1');
    const event = headers('x-gitlab-event') ?? '';
    return {
      event,
      isHint: event === 'Merge Request Hook',
      claimed: repositoryUrls([project?.git_http_url, project?.git_ssh_url, project?.web_url]),
      // Of equal length, so that the comparison does not tell the secret's.
      isProvedBy: (secret) => timingSafeEqual(sha256(secret), sha256(tokenBytes)) && token !== undefined,
    };
  },
};

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

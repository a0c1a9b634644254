import { createHash } from 'node:crypto';
import { type Request, type Response } from 'express';

/**
 * Answers 304 where the client has this answer. Like GitHub's, the tag depends on the token:
 * https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
 */
export function sendConditionally(request: Request, response: Response, body: unknown): void {
  const hash = createHash('sha256').update(request.get('authorization') ?? '');
  const tag = `W/"${hash.update(JSON.stringify(body)).digest('hex')}"`;
  response.set({ ETag: tag, Vary: 'Accept, Authorization, Cookie' });
  if (request.get('if-none-match') === tag) response.status(304).end();
  else response.json(body);
}

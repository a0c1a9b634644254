import { createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import { errors, jwtVerify } from 'jose';
import { created, userAnswer } from './api-answers';
import { Refusal, notFound } from './refusal';

export interface GithubAppOptions {
  readonly id: string;
  /** PEM. */
  readonly publicKey: string;
  readonly installation: { readonly id: number; readonly owner: string };
  /** How long its tokens are valid, in milliseconds; default: an hour. */
  readonly tokenLifeMs?: number;
}

const hourMs = 60 * 60_000;
const maxFutureSeconds = 600;
const skewSeconds = 5;

/** A GitHub App with one installation: https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app */
export class GithubApp {
  /** By its owner. */
  suspended = false;
  readonly permissions: Record<string, string> = {
    contents: 'write',
    metadata: 'read',
    pull_requests: 'write',
    statuses: 'write',
  };
  /** Called with each token before the App gets it. */
  onIssue: (token: string) => void = () => undefined;
  private readonly key: KeyObject;
  /** By token: milliseconds since the epoch. */
  private readonly ends = new Map<string, number>();

  constructor(readonly options: GithubAppOptions) {
    this.key = createPublicKey(options.publicKey);
  }

  /** How many tokens it has handed out. */
  get issued(): number {
    return this.ends.size;
  }

  accepts(token: string): boolean {
    return Date.now() < (this.ends.get(token) ?? 0);
  }

  issue(): { readonly token: string; readonly expiresAt: string } {
    const token = `ghs_${randomBytes(18).toString('base64url')}`;
    const end = Date.now() + (this.options.tokenLifeMs ?? hourMs);
    this.ends.set(token, end);
    this.onIssue(token);
    return { token, expiresAt: new Date(end).toISOString().replace(/\.\d+Z$/, 'Z') };
  }

  /** @throws Refusal 401 in GitHub's words */
  async requireOwn(authorization: string | undefined): Promise<void> {
    const [, token] = /^bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
    if (token === undefined) throw new Refusal(401, 'A JSON web token could not be decoded');
    try {
      const options = {
        algorithms: ['RS256'],
        issuer: this.options.id,
        requiredClaims: ['iat', 'exp', 'iss'],
      };
      const { payload } = await jwtVerify(token, this.key, options);
      const now = Date.now() / 1_000;
      if ((payload.iat ?? 0) > now + skewSeconds)
        throw new Refusal(
          401,
          "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
        );
      if ((payload.exp ?? 0) > now + maxFutureSeconds)
        throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
    } catch (error) {
      if (error instanceof errors.JWTExpired)
        throw new Refusal(
          401,
          "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
        );
      if (error instanceof errors.JOSEError) throw new Refusal(401, 'A JSON web token could not be decoded');
      throw error;
    }
  }
}

/** What the App asks for itself: https://docs.github.com/rest/apps/apps */
export function appRouter(app: GithubApp | undefined, forgeUrl: string): Router {
  const router = Router({ caseSensitive: true, strict: true });
  if (app === undefined) return router;
  const { installation } = app.options;

  router.post('/app/installations/:id/access_tokens', async (request, response) => {
    await app.requireOwn(request.headers.authorization);
    if (request.params.id !== String(installation.id)) throw notFound();
    if (app.suspended) throw new Refusal(403, 'This installation has been suspended');
    const { token, expiresAt } = app.issue();
    const { permissions } = app;
    response.status(201).json({ token, expires_at: expiresAt, permissions, repository_selection: 'all' });
  });
  const find = (kind: 'Organization' | 'User') => async (request: Request, response: Response) => {
    await app.requireOwn(request.headers.authorization);
    if (kind === 'User' || request.params['owner'] !== installation.owner) throw notFound();
    response.json({
      id: installation.id,
      html_url: `${forgeUrl}/organizations/${installation.owner}/settings/installations/${installation.id}`,
      account: userAnswer(forgeUrl, installation.owner),
      app_id: Number(app.options.id),
      target_type: kind,
      permissions: app.permissions,
      repository_selection: 'all',
      created_at: created,
      updated_at: created,
      suspended_at: null,
    });
  };
  router.get('/orgs/:owner/installation', find('Organization'));
  router.get('/users/:owner/installation', find('User'));
  return router;
}

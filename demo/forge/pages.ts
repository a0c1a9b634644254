import { randomBytes } from 'node:crypto';
import { type RequestHandler, Router, urlencoded } from 'express';
import { equal } from './authorization';
import { type HostedRepository } from './hosted-repository';
import { indexPage, messagePage, pullRequestPage } from './page-views';
import { pageStyle } from './page-style';
import { Refusal } from './refusal';
import { type Repositories } from './repositories';

const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Who merges and closes on the pages: they ask for no name. */
export const pagesUser = 'demo-user';

/**
 * The web pages. They need no password: the forge is on loopback, accepts no other Host header, and merges and closes only
 * for a form with the token that only these pages contain.
 */
export function pagesRouter(repositories: Repositories): Router {
  const csrfToken = randomBytes(32).toString('hex');
  const router = Router({ caseSensitive: true, strict: true });
  router.use(setHeaders);
  router.get('/', (_request, response) => {
    response.send(indexPage(repositories.all()));
  });
  router.get('/style.css', (_request, response) => {
    response.type('css').send(pageStyle);
  });
  router.get('/:owner/:name/pull/:number', async (request, response) => {
    const repository = repositories.get(`${request.params.owner}/${request.params.name}`);
    response.send(await pullRequestView(repository, Number(request.params.number), csrfToken));
  });
  const act =
    (
      action: (repository: HostedRepository, number: number) => Promise<unknown>,
      refused: string,
    ): RequestHandler =>
    async (request, response) => {
      const form = (request.body ?? {}) as Readonly<Record<string, unknown>>;
      if (!equal(String(form['csrf']), csrfToken)) {
        const advice = 'Open the pull request again, then repeat it there.';
        response.status(403).send(messagePage('This form is out of date', advice));
        return;
      }
      const { owner, name, number } = request.params;
      const repository = repositories.get(`${String(owner)}/${String(name)}`);
      try {
        await action(repository, Number(number));
      } catch (error) {
        if (!(error instanceof Refusal) || error.status !== 405) throw error;
        const obstacle = repository.obstacle(repository.pullRequest(Number(number)));
        const otherwise = 'It is already closed, or conflicts with its base.';
        response.status(409).send(messagePage(refused, obstacle ?? otherwise));
        return;
      }
      response.redirect(303, `/${String(owner)}/${String(name)}/pull/${String(number)}`);
    };
  const page = '/:owner/:name/pull/:number';
  const form = urlencoded({ extended: false });
  router.post(
    `${page}/merge`,
    form,
    act((repository, number) => repositories.merge(repository, number, pagesUser), 'It cannot be merged'),
  );
  router.post(
    `${page}/close`,
    form,
    act(
      (repository, number) => repository.updatePullRequest(number, { state: 'closed' }, pagesUser),
      'It cannot be closed',
    ),
  );
  router.use((_request, response) => {
    response.status(404).send(messagePage('Nothing here', 'This page does not exist.'));
  });
  return router;
}

async function pullRequestView(
  repository: HostedRepository,
  number: number,
  csrfToken: string,
): Promise<string> {
  const record = repository.pullRequest(number);
  const diff = await repository.git.diff(record.baseSha, record.headSha);
  return pullRequestPage(repository, record, diff, csrfToken);
}

const setHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'Content-Security-Policy': contentSecurityPolicy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  });
  next();
};

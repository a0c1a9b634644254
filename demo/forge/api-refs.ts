import { type Request, type Router } from 'express';
import { type HostedRepository } from './hosted-repository';
import { type Repositories } from './repositories';
import { Refusal, notFound } from './refusal';

const branchPrefix = 'heads/';

/** Branches as Git references: https://docs.github.com/rest/git/refs */
export function serveRefs(
  router: Router,
  { url, repositories }: { readonly url: string; readonly repositories: Repositories },
  repositoryOf: (request: Request) => HostedRepository,
): void {
  const git = '/repos/:owner/:repository/git';
  const refAnswer = ({ fullName }: HostedRepository, branch: string, sha: string): object => {
    const api = `${url}/api/v3/repos/${fullName}/git`;
    return {
      ref: `refs/heads/${branch}`,
      node_id: `REF_${branch}`,
      url: `${api}/refs/heads/${branch}`,
      object: { type: 'commit', sha, url: `${api}/commits/${sha}` },
    };
  };
  router.get(`${git}/ref/:ref`, async (request, response) => {
    const repository = repositoryOf(request);
    const branch = branchOf(request.params.ref);
    const sha = await repository.git.branchHead(branch);
    if (sha === undefined) throw notFound();
    response.json(refAnswer(repository, branch, sha));
  });
  router.get(`${git}/matching-refs/:ref`, async (request, response) => {
    const repository = repositoryOf(request);
    const prefix = branchOf(request.params.ref);
    const matching = [...(await repository.git.branches())].filter(([name]) => name.startsWith(prefix));
    response.json(matching.map(([name, sha]) => refAnswer(repository, name, sha)));
  });
  router.delete(`${git}/refs/:ref`, async (request, response) => {
    const repository = repositoryOf(request);
    const branch = branchOf(request.params.ref);
    if ((await repository.git.branchHead(branch)) === undefined)
      throw new Refusal(422, 'Reference does not exist');
    await repository.git.deleteRef(`refs/heads/${branch}`);
    await repositories.branchesMoved(repository);
    response.status(204).end();
  });
}

/** @throws Refusal 404 for what is not a branch */
function branchOf(ref: string): string {
  if (!ref.startsWith(branchPrefix)) throw notFound();
  return ref.slice(branchPrefix.length);
}

import { type FakeBitbucketCloud, startFakeBitbucketCloud } from './fake-bitbucket-cloud';
import { forwardRequest } from './forward-request';
import { basicAuthorization, startGitHttpServer } from './git-http-server';
import { commitFiles, type Files, runGit } from './git-repository';

/** Bitbucket Cloud's API and real Git over HTTP at one address. */
export interface BitbucketWithGit {
  readonly url: string;
  readonly repository: ReturnType<FakeBitbucketCloud['repository']>;
  /** A file's text on a branch. */
  readFile(branch: string, path: string): string;
  close(): Promise<void>;
}

/** @param login how the service knows who it is: what Git calls the token's user, and the address for the API, if it needs one */
export async function startBitbucketWithGit(
  path: string,
  login: { readonly token: string; readonly gitUser: string; readonly email?: string },
  files: Files,
): Promise<BitbucketWithGit> {
  const api = await startFakeBitbucketCloud({ ...login, repositories: [path] });
  const git = await startGitHttpServer();
  git.accepted.add(basicAuthorization(login.gitUser, login.token));
  const bare = git.createRepository(path);
  commitFiles(bare, 'main', files);
  const repository = api.repository(path);
  git.intercept = (request, response) => {
    if (request.url?.startsWith('/2.0/') !== true) return false;
    const heads = runGit(bare, 'for-each-ref', '--format=%(refname:short) %(objectname)', 'refs/heads');
    for (const line of heads.trim().split('\n')) {
      const [branch = '', commit = ''] = line.split(' ');
      if (repository.branches.get(branch) !== commit) repository.moveTo(branch, commit);
    }
    forwardRequest(api.url, request, response);
    return true;
  };
  return {
    url: `${git.url}/${path}`,
    repository,
    readFile: (branch, file) => runGit(bare, 'show', `refs/heads/${branch}:${file}`),
    close: async () => {
      await git.close();
      await api.close();
    },
  };
}

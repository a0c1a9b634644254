import { type FakeAzureDevops, startFakeAzureDevops } from './fake-azure-devops';
import { forwardRequest } from './forward-request';
import { headsOf } from './gitlab-with-git';
import { basicAuthorization, type GitHttpServer, startGitHttpServer } from './git-http-server';
import { commitFiles, type Files, runGit } from './git-repository';

/** An Azure DevOps Server: the API and real Git over HTTP at one address. */
export interface AzureDevopsWithGit {
  readonly url: string;
  readonly repository: ReturnType<FakeAzureDevops['repository']>;
  /** A file's text on a branch. */
  readFile(branch: string, path: string): string;
  close(): Promise<void>;
}

/** @param path the repository's, decoded: `collection/project/_git/name` */
export async function startAzureDevopsWithGit(
  path: string,
  token: string,
  files: Files,
): Promise<AzureDevopsWithGit> {
  const api = await startFakeAzureDevops({ token, repositories: [path] });
  const git: GitHttpServer = await startGitHttpServer();
  git.accepted.add(basicAuthorization('pat', token));
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const bare = git.createRepository(encoded);
  commitFiles(bare, 'main', files);
  const repository = api.repository(path);
  git.intercept = (request, response) => {
    const { url = '' } = request;
    if (url.includes('/_apis/')) {
      for (const [branch, commit] of headsOf(bare)) {
        if (repository.head(branch) !== commit) repository.push(branch, undefined, commit);
      }
      forwardRequest(api.url, request, response);
      return true;
    }
    // The service knows no `.git`, where the directories have it.
    const isKnown = url.startsWith(`/${encoded}/`);
    if (!isKnown) response.writeHead(404).end();
    request.url = url.replace(`/${encoded}/`, `/${encoded}.git/`);
    return !isKnown;
  };
  return {
    url: git.url,
    repository,
    readFile: (branch, file) => `${runGit(bare, 'show', `refs/heads/${branch}:${file}`)}\n`,
    close: async () => {
      await git.close();
      await api.close();
    },
  };
}

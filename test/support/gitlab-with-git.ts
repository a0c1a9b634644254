import { BareRepository } from '../../demo/forge/bare-repository';
import { type FakeGitlab, startFakeGitlab } from './fake-gitlab';
import { forwardRequest } from './forward-request';
import { basicAuthorization, type GitHttpServer, startGitHttpServer } from './git-http-server';
import { commitFiles, type Files, runGit } from './git-repository';

/** A self-hosted GitLab: the merge request API and real Git over HTTP at one address. */
export interface GitlabWithGit {
  readonly url: string;
  readonly project: ReturnType<FakeGitlab['project']>;
  /** A file's text on a branch. */
  readFile(branch: string, path: string): string;
  /** How many commits a branch has that `main` lacks. */
  commitsAhead(branch: string): number;
  close(): Promise<void>;
}

/** @param path the project's, with its groups */
export async function startGitlabWithGit(path: string, token: string, files: Files): Promise<GitlabWithGit> {
  const api = await startFakeGitlab({ token, projects: [path] });
  const git: GitHttpServer = await startGitHttpServer();
  git.accepted.add(basicAuthorization('oauth2', token));
  const bare = git.createRepository(path);
  commitFiles(bare, 'main', files);
  const project = api.project(path);
  project.commitsBetween = (source, target) =>
    new BareRepository(bare).commitsOf(`refs/heads/${target}`, `refs/heads/${source}`);
  git.intercept = (request, response) => {
    if (request.url?.startsWith('/api/') !== true) return false;
    for (const [branch, commit] of headsOf(bare)) {
      if (!project.branches.has(branch) || project.head(branch) !== commit) project.push(branch, commit);
    }
    forwardRequest(api.url, request, response);
    return true;
  };
  return {
    url: git.url,
    project,
    readFile: (branch, file) => `${runGit(bare, 'show', `refs/heads/${branch}:${file}`)}\n`,
    commitsAhead: (branch) => Number(runGit(bare, 'rev-list', '--count', `main..${branch}`)),
    async close() {
      await git.close();
      await api.close();
    },
  };
}

function headsOf(bare: string): (readonly [string, string])[] {
  const heads = runGit(bare, 'for-each-ref', '--format=%(refname:short) %(objectname)', 'refs/heads');
  return heads.split('\n').map((line) => {
    const [branch = '', commit = ''] = line.split(' ');
    return [branch, commit] as const;
  });
}

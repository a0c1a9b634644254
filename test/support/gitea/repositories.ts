import { eventually } from '../eventually';
import { type RequestGitea, type SendToGitea } from './gitea-api';

export interface Author {
  readonly name: string;
  readonly email: string;
}

export interface GiteaRepositories {
  /**
   * A repository with the branch `main` and a readme on it; one of that name is deleted first. Its owner must be there.
   * @param name `owner/name`
   * @param writers users who may push and merge
   */
  createRepository(
    name: string,
    options?: {
      readonly files?: Readonly<Record<string, string>>;
      readonly writers?: readonly string[];
      readonly private?: boolean;
    },
  ): Promise<void>;
  /** One commit that writes these files, on a branch that is made from `main` where it is not there. @returns its id */
  commit(
    repository: string,
    branch: string,
    files: Readonly<Record<string, string>>,
    author?: Author,
  ): Promise<string>;
  /** The text of a file. */
  read(repository: string, file: string, branch?: string): Promise<string>;
  /** The commit that a branch is at; undefined where there is no such branch. */
  head(repository: string, branch: string): Promise<string | undefined>;
}

export function giteaRepositories(request: RequestGitea, send: SendToGitea): GiteaRepositories {
  const head: GiteaRepositories['head'] = async (repository, branch) => {
    const path = `repos/${repository}/branches/${encodeURIComponent(branch)}`;
    const { status, body } = await send({ method: 'GET', path });
    return status === 200 ? (body as { readonly commit: { readonly id: string } }).commit.id : undefined;
  };
  const shaOf = async (repository: string, file: string, branch: string): Promise<string | undefined> => {
    const path = `repos/${repository}/contents/${encodeURIComponent(file)}?ref=${encodeURIComponent(branch)}`;
    const { status, body } = await send({ method: 'GET', path });
    return status === 200 ? (body as { readonly sha: string }).sha : undefined;
  };
  const commit: GiteaRepositories['commit'] = async (repository, branch, files, author) => {
    const isThere = (await head(repository, branch)) !== undefined;
    const from = isThere ? branch : 'main';
    const changes = await Promise.all(
      Object.entries(files).map(async ([path, text]) => {
        const sha = await shaOf(repository, path, from);
        const content = Buffer.from(text).toString('base64');
        return { path, content, operation: sha === undefined ? 'create' : 'update', ...(sha && { sha }) };
      }),
    );
    const where = isThere ? { branch } : { branch: 'main', new_branch: branch };
    const person = author === undefined ? {} : { author, committer: author };
    const message = `Change ${Object.keys(files).join(', ')}`;
    const body = { files: changes, message, ...where, ...person };
    const made = await request('POST', `repos/${repository}/contents`, body);
    return (made as { readonly commit: { readonly sha: string } }).commit.sha;
  };
  return {
    head,
    commit,
    createRepository: async (name, { files = {}, writers = [], private: isPrivate = true } = {}) => {
      const [owner = '', repository = ''] = name.split('/');
      if ((await send({ method: 'GET', path: `repos/${name}` })).status === 200)
        await request('DELETE', `repos/${name}`);
      const isOrganization = (await send({ method: 'GET', path: `orgs/${owner}` })).status === 200;
      const create = { name: repository, auto_init: true, default_branch: 'main', private: isPrivate };
      await request('POST', isOrganization ? `orgs/${owner}/repos` : `admin/users/${owner}/repos`, create);
      for (const writer of writers) {
        await request('PUT', `repos/${name}/collaborators/${writer}`, { permission: 'write' });
      }
      if (Object.keys(files).length > 0) await commit(name, 'main', files);
      // The branches are in its database a moment after they are in its Git repository.
      await eventually(async () => (await head(name, 'main')) !== undefined);
    },
    read: async (repository, file, branch = 'main') => {
      const path = `repos/${repository}/raw/${encodeURIComponent(file)}?ref=${encodeURIComponent(branch)}`;
      const text = await request('GET', path);
      return typeof text === 'string' ? text : JSON.stringify(text);
    },
  };
}

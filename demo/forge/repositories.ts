import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BareRepository, defaultBranch } from './bare-repository';
import {
  type BranchChange,
  HostedRepository,
  type MergeRequest,
  type PullRequestDraft,
} from './hosted-repository';
import { type PullRequestRecord } from './pull-request-record';
import { notFound } from './refusal';

export interface PushNotice extends BranchChange {
  readonly repository: string;
}

export interface PullRequestNotice {
  readonly repository: string;
  readonly pullRequest: PullRequestRecord;
}

/** Called before the client gets its answer, which waits for it. */
export type Listener<T> = (notice: T) => void | Promise<void>;

const namePattern = /^(?!\.+$)(?!.*\.git$)[\w.-]+$/;

/** Every repository of the forge, and the listeners. */
export class Repositories {
  readonly pushed = new Set<Listener<PushNotice>>();
  readonly opened = new Set<Listener<PullRequestNotice>>();
  readonly merged = new Set<Listener<PullRequestNotice>>();

  private constructor(
    private readonly directory: string,
    private readonly byName: Map<string, HostedRepository>,
  ) {}

  /** Opens a directory of `{owner}/{name}.git`; it may not exist yet. */
  static async open(directory: string): Promise<Repositories> {
    await mkdir(directory, { recursive: true });
    const byName = new Map<string, HostedRepository>();
    for (const owner of await readdir(directory)) {
      const entries = await readdir(join(directory, owner));
      for (const entry of entries.filter((name) => name.endsWith('.git'))) {
        const name = entry.slice(0, -'.git'.length);
        byName.set(
          `${owner}/${name}`,
          await HostedRepository.open(join(directory, owner, name), owner, name),
        );
      }
    }
    return new Repositories(directory, byName);
  }

  all(): readonly HostedRepository[] {
    return [...this.byName.values()];
  }

  /** @throws Refusal 404 */
  get(fullName: string): HostedRepository {
    const repository = this.byName.get(fullName);
    if (repository === undefined) throw notFound();
    return repository;
  }

  /** Creates `owner/name` with a first commit on `main`. */
  async create(fullName: string, files: Readonly<Record<string, string>>): Promise<void> {
    const [owner = '', name = '', ...rest] = fullName.split('/');
    if (rest.length > 0 || !namePattern.test(owner) || !namePattern.test(name)) {
      throw new Error(`"${fullName}" is not the name of a repository: use owner/name.`);
    }
    if (this.byName.has(fullName)) throw new Error(`The repository ${fullName} already exists.`);
    const path = join(this.directory, owner, name);
    const bare = await BareRepository.create(`${path}.git`);
    if (Object.keys(files).length > 0) await bare.commit(defaultBranch, files, 'Initial commit');
    this.byName.set(fullName, await HostedRepository.open(path, owner, name));
  }

  async openPullRequest(repository: HostedRepository, draft: PullRequestDraft): Promise<PullRequestRecord> {
    const pullRequest = await repository.openPullRequest(draft);
    await notify(this.opened, { repository: repository.fullName, pullRequest });
    return pullRequest;
  }

  async merge(
    repository: HostedRepository,
    number: number,
    by: string,
    request: MergeRequest = {},
  ): Promise<PullRequestRecord> {
    const pullRequest = await repository.merge(number, by, request);
    await this.branchesMoved(repository);
    await notify(this.merged, { repository: repository.fullName, pullRequest });
    return pullRequest;
  }

  /** Must be called after a repository's branches may have moved. */
  async branchesMoved(repository: HostedRepository): Promise<void> {
    for (const change of await repository.branchesMoved()) {
      await notify(this.pushed, { repository: repository.fullName, ...change });
    }
  }
}

async function notify<T>(listeners: ReadonlySet<Listener<T>>, notice: T): Promise<void> {
  for (const listener of listeners) await listener(notice);
}

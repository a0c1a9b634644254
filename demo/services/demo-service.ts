/** A pull request, as far as the tour needs it. */
export interface DemoPullRequest {
  readonly number: number;
  /** The branch. */
  readonly head: string;
  /** The commit that the branch is at. */
  readonly headSha: string;
}

/** What `windlass/gates` says of a commit. */
export interface GatesStatus {
  readonly state: string;
  readonly description?: string | null | undefined;
}

export interface MovedBranch {
  readonly repository: string;
  readonly branch: string;
}

/** The Git service that the demo promotes on, with one repository; `repository` is `owner/name`. */
export interface DemoService {
  /** `type` in the Pipeline. */
  readonly provider: 'github' | 'gitea';
  readonly url: string;
  /** What Windlass may use it with. */
  readonly token: string;
  /** What to say of it at the start: a label, and what it is about. */
  readonly introduction: readonly [label: string, value: string];
  /** Where people cannot merge on the pages, Enter merges: why. */
  readonly whyEnterMerges: string | undefined;
  /** The address of a pull request's page. */
  pageOf(repository: string, number: number): string;
  commit(
    repository: string,
    branch: string,
    files: Readonly<Record<string, string>>,
    message: string,
  ): Promise<unknown>;
  readFile(repository: string, branch: string, path: string): Promise<string>;
  pullRequests(repository: string): Promise<readonly DemoPullRequest[]>;
  /** The changes of a pull request, as a unified diff. */
  diff(repository: string, number: number): Promise<string>;
  /** As a person does it on its page. */
  mergePullRequest(repository: string, number: number): Promise<void>;
  gatesStatus(repository: string, commit: string): Promise<GatesStatus | undefined>;
  /** Each returns a function to stop listening. */
  onPush(listener: (moved: MovedBranch) => void): () => void;
  onPullRequest(listener: (pullRequest: DemoPullRequest) => void): () => void;
  onMerge(listener: (pullRequest: DemoPullRequest) => void): () => void;
  close(): Promise<void>;
}

/** What a service has at the start. */
export interface DemoRepository {
  /** `owner/name` */
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Of its main branch. */
  readonly requiredCheck: string;
}

/** The activity that opens a pull request, on a real forge, with the real cache. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Forge, startForge } from '../../../demo/forge/forge';
import { openPullRequest } from '../../../src/activities/pull-request/open-pull-request';
import { type PullRequestResult } from '../../../src/activities/promotion-activities';
import { type Freeze } from '../../../src/domain/freezes/freeze';
import { type PullRequestStrategy } from '../../../src/domain/pipeline/pipeline';
import { type CommitDefaults } from '../../../src/domain/promotion/commit-style';
import { promotionBranch } from '../../../src/domain/promotion/promotion-branch-name';
import { createRepositoryCache } from '../../../src/git/cache/repository-cache';
import { createOutbound } from '../../../src/http/outbound/create-outbound';
import { providerOf } from '../../../src/providers/registry';
import { providerLogins } from '../../../src/providers/logins';
import { createApiAccess, type OpenOutbound } from '../../../src/providers/rest/api-access';
import { createCredentialSource } from '../../../src/store/credential-source';
import { createSigningKeySource } from '../../../src/store/signing-key-source';
import { deployment, noon, pipelineRef } from '../../support/events';
import { runGit } from '../../support/git-repository';
import { memoryStore } from '../../support/memory-store';
import { cacheOptions, signal } from './fixtures';
import { inlineParser } from '../../support/inline-parser';

const token = 'token-of-the-forge';
const repository = 'acme/fleet';

export const branch = promotionBranch(pipelineRef, 'staging');
export const manifestPath = 'clusters/staging/app.yaml';

interface Promotion {
  readonly version?: string;
  readonly release?: number;
  /** What the Pipeline says besides the repository. */
  readonly strategy?: Partial<PullRequestStrategy>;
  /** What the installation says of all commits. */
  readonly commits?: CommitDefaults;
  /** Beside the credentials, by `namespace/name`. */
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Asked each time that the freezes are read. */
  readonly freezes?: () => readonly Freeze[];
}

export interface PromotionForge {
  readonly forge: Forge;
  readonly bare: string;
  readonly cacheDirectory: string;
  git(...args: readonly string[]): string;
  /** A commit on a branch of the forge. */
  commit(onto: string, files: Readonly<Record<string, string>>, message: string): Promise<string>;
  promote(promotion?: Promotion): Promise<PullRequestResult>;
  close(): Promise<void>;
}

/** A forge whose repository has one manifest that staging's marker is in, at 1.0.0. */
export async function startPromotionForge(): Promise<PromotionForge> {
  const directory = mkdtempSync(join(tmpdir(), 'promotion-forge-'));
  const forge = await startForge({ directory: join(directory, 'forge'), token });
  const manifest = 'version: 1.0.0 # {"$promotion": "apps:shop:staging"}\n';
  await forge.createRepository(repository, { [manifestPath]: manifest });
  const bare = join(directory, 'forge', `${repository}.git`);
  const cacheDirectory = join(directory, 'cache');
  return {
    forge,
    bare,
    cacheDirectory,
    git: (...args) => runGit(bare, ...args),
    commit: (onto, files, message) => forge.commit(repository, onto, files, message),
    promote: (promotion = {}) => promoteOn(forge, cacheDirectory, promotion),
    close: async () => {
      await forge.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function promoteOn(
  forge: Forge,
  cacheDirectory: string,
  { version = '1.1.0', release = 2, strategy = {}, commits = {}, secrets = {}, freezes }: Promotion,
): Promise<PullRequestResult> {
  const pipeline = {
    ...pipelineRef,
    appRef: { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', name: 'shop' },
    environments: ['dev', 'staging'].map((name) => ({ name, targets: [{ namespace: name }] })),
    promotion: {
      manual: false,
      strategy: {
        kind: 'pull-request' as const,
        provider: 'github' as const,
        url: `${forge.url}/${repository}.git`,
        baseBranch: 'main',
        secretName: 'git',
        ...strategy,
      },
    },
    allowUnsigned: false,
  };
  const store = {
    ...memoryStore([pipeline], { 'apps/git': { token }, ...secrets }),
    ...(freezes === undefined ? {} : { freezes: () => Promise.resolve(freezes()) }),
  };
  const open: OpenOutbound = (allowedHosts) => createOutbound({ allowedHosts, allowPlainHttp: false });
  const credentials = createCredentialSource(store, providerLogins(open));
  return openPullRequest(
    {
      store,
      parser: inlineParser,
      repositories: createRepositoryCache({
        ...cacheOptions(cacheDirectory),
        credentials,
        signingKeys: createSigningKeySource(store),
      }),
      commits,
      provider: providerOf,
      apiAccess: createApiAccess(credentials, open),
      promotionPage: () => undefined,
    },
    {
      action: 'promote',
      pipeline: pipelineRef,
      from: 'dev',
      to: 'staging',
      version,
      event: deployment({ version, release, at: noon }),
    },
    signal(),
  );
}

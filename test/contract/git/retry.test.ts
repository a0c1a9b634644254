/** The activity that opens a pull request, run again after it was interrupted: on a real forge, with the real cache. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Forge, startForge } from '../../../demo/forge/forge';
import { openPullRequest } from '../../../src/activities/pull-request/open-pull-request';
import { promotionBranch } from '../../../src/domain/promotion/promotion-branch-name';
import { createRepositoryCache } from '../../../src/git/cache/repository-cache';
import { createOutbound } from '../../../src/http/outbound/create-outbound';
import { providerOf } from '../../../src/providers/registry';
import { createApiAccess } from '../../../src/providers/rest/api-access';
import { createCredentialSource } from '../../../src/store/credential-source';
import { deployment, noon, pipelineRef } from '../../support/events';
import { runGit } from '../../support/git-repository';
import { memoryStore } from '../../support/memory-store';
import { cacheOptions, signal } from './fixtures';

const token = 'token-of-the-forge';
const branch = promotionBranch(pipelineRef, 'staging');
let directory: string;
let forge: Forge;
let pushes: number;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'retry-'));
  forge = await startForge({ directory: join(directory, 'forge'), token });
  const manifest = 'version: 1.0.0 # {"$promotion": "apps:shop:staging"}\n';
  await forge.createRepository('acme/fleet', { 'clusters/staging/app.yaml': manifest });
  pushes = 0;
  forge.onPush(() => {
    pushes += 1;
  });
});
afterEach(async () => {
  await forge.close();
  rmSync(directory, { recursive: true, force: true });
});

const bare = () => join(directory, 'forge', 'acme', 'fleet.git');

function promote(release = 2) {
  const url = `${forge.url}/acme/fleet.git`;
  const pipeline = {
    ...pipelineRef,
    appRef: { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', name: 'shop' },
    environments: ['dev', 'staging'].map((name) => ({ name, targets: [{ namespace: name }] })),
    promotion: {
      manual: false,
      strategy: {
        kind: 'pull-request' as const,
        provider: 'github' as const,
        url,
        baseBranch: 'main',
        secretName: 'git',
      },
    },
    allowUnsigned: false,
  };
  const version = '1.1.0';
  const store = memoryStore([pipeline], { 'apps/git': { token } });
  const credentials = createCredentialSource(store, (type) => providerOf(type).gitUsername);
  return openPullRequest(
    {
      store,
      repositories: createRepositoryCache({ ...cacheOptions(join(directory, 'cache')), credentials }),
      provider: providerOf,
      apiAccess: createApiAccess(credentials, (allowedHosts) =>
        createOutbound({ allowedHosts, allowPlainHttp: false }),
      ),
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

/** Replaces the branch's head by a commit of the same parent, tree and message whose id is another, as a signature makes it. */
function commitAgain(message = runGit(bare(), 'log', '-1', '--format=%B', branch)): string {
  const id = runGit(bare(), 'commit-tree', '-p', `${branch}^`, '-m', message, `${branch}^{tree}`);
  runGit(bare(), 'update-ref', `refs/heads/${branch}`, id);
  return id;
}

test('knows its own commit by parent, tree and trailers, and pushes nothing', async () => {
  await promote();
  const signed = commitAgain();
  expect(await promote()).toMatchObject({ state: 'pull-request', number: 1 });
  expect(runGit(bare(), 'rev-parse', branch)).toBe(signed);
  expect(pushes).toBe(1);
});

test('knows it with other words in its message', async () => {
  await promote();
  const [, ...trailers] = runGit(bare(), 'log', '-1', '--format=%B', branch).split('\n');
  const reworded = commitAgain(['chore: promote', ...trailers].join('\n'));
  await promote();
  expect(runGit(bare(), 'rev-parse', branch)).toBe(reworded);
});

test('takes a commit of another deployment for none of its own', async () => {
  await promote();
  const earlier = commitAgain();
  await promote(3);
  expect(runGit(bare(), 'rev-parse', branch)).not.toBe(earlier);
  expect(runGit(bare(), 'log', '-1', '--format=%B', branch)).toContain(`Windlass-Order: ${noon} 3 `);
});

test('takes one on an older base, or with another tree, for none of its own', async () => {
  await promote();
  const base = await forge.commit('acme/fleet', 'main', { note: 'x' }, 'Note');
  await promote();
  expect(runGit(bare(), 'rev-parse', `${branch}^`)).toBe(base);
  const tampered = runGit(
    bare(),
    'commit-tree',
    '-p',
    base,
    '-m',
    runGit(bare(), 'log', '-1', '--format=%B', branch),
    'main^{tree}',
  );
  runGit(bare(), 'update-ref', `refs/heads/${branch}`, tampered);
  await promote();
  expect(runGit(bare(), 'show', `${branch}:clusters/staging/app.yaml`)).toContain('1.1.0');
});

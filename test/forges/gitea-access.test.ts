/** How promotions get into a real Gitea, and what they say where it keeps them out. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generateKey } from 'openpgp';
import { retrySignal } from '../../src/workflows/contract/messages';
import { eventually } from '../support/eventually';
import { type GiteaPromotions, startGiteaPromotions } from '../support/gitea/promotions';
import { type GiteaShop } from '../support/gitea/shop';
import { createSshKey, type SshKey } from '../support/gitea/ssh-key';
import { secretManifest } from '../support/installation';

const organization = 'access';
let on: GiteaPromotions<'ssh' | 'impostor' | 'protected' | 'signed' | 'revoked'>;
let deployKey: SshKey;
const signer = { name: 'Windlass', email: 'signing-bot@example.com' };

beforeAll(async () => {
  deployKey = await createSshKey();
  const { privateKey, publicKey } = await generateKey({ userIDs: [signer], format: 'armored' });
  on = await startGiteaPromotions(organization, async (gitea) => {
    const knownHosts = await gitea.knownHosts();
    const otherKey = (await createSshKey()).publicKey;
    const overSsh = (name: string, known: string) => ({
      pullRequest: {
        url: `ssh://git@127.0.0.1:${gitea.sshPort}/${organization}/${name}.git`,
        apiUrl: `${gitea.url}/api/v1`,
      },
      secret: { identity: deployKey.privateKey, known_hosts: known },
    });
    return {
      ssh: overSsh('ssh', knownHosts),
      impostor: overSsh('impostor', `[127.0.0.1]:${gitea.sshPort} ${otherKey}\n`),
      protected: {},
      signed: {
        bot: 'signing-bot',
        pullRequest: { commit: { author: signer, signingKey: { secretRef: { name: 'git-signed' } } } },
        secret: { 'git.asc': privateKey },
      },
      revoked: { bot: 'revoked-bot' },
    };
  });
  const { gitea, shops } = on;
  const key = { title: 'Windlass', key: deployKey.publicKey, read_only: false };
  await gitea.request('POST', `repos/${shops.ssh.repository}/keys`, key);
  await gitea.request('POST', 'user/gpg_keys', { armored_public_key: publicKey }, 'signing-bot');
  const protect = ({ repository }: GiteaShop, rule: object) =>
    gitea.request('POST', `repos/${repository}/branch_protections`, { rule_name: 'promotion-*', ...rule });
  await protect(shops.protected, {});
  await protect(shops.signed, { enable_push: true, require_signed_commits: true });
}, 180_000);
afterAll(() => on.close());

const promote = async (shop: GiteaShop, state: string) => {
  await shop.report({ version: '1.1.0', release: 2 });
  const { outcomes } = await shop.ended('1.1.0', state);
  return { code: outcomes[0]?.code, detail: outcomes[0]?.detail };
};

it('promotes over SSH, with a deploy key, to the host whose key is known', async () => {
  const { gitea, person, shops } = on;
  const { ssh: shop } = shops;
  await promote(shop, 'pull-request');
  const { number } = await shop.openPullRequest();
  expect(await shop.manifest(shop.branch)).toBe(shop.release('1.1.0'));
  // Its delivery names the repository by other URLs than the Pipeline.
  await gitea.request('PATCH', `repos/${shop.repository}/pulls/${number}`, { state: 'closed' }, person);
  await eventually(async () => expect((await shop.state()).outcomes[0]?.state).toBe('closed'), 45_000);
}, 240_000);

it('does not talk to an SSH server that shows another key', async () => {
  const { impostor: shop } = on.shops;
  expect(await promote(shop, 'failed')).toEqual({
    code: 'bad-credentials',
    detail: expect.stringContaining(
      '127.0.0.1 shows another host key than known_hosts of the Secret has for it',
    ),
  });
}, 240_000);

it('says which branch is protected from its pushes', async () => {
  const { protected: shop } = on.shops;
  expect(await promote(shop, 'failed')).toEqual({
    code: 'branch-protected',
    detail: expect.stringContaining(`refuses pushes to the branch ${shop.branch}`),
  });
  expect(await shop.pullRequests()).toEqual([]);
}, 240_000);

it('signs its commits where Gitea takes no others', async () => {
  const { gitea, shops } = on;
  const { signed: shop } = shops;
  await promote(shop, 'pull-request');
  const { head } = await shop.openPullRequest();
  const commit = await gitea.request('GET', `repos/${shop.repository}/git/commits/${head.sha}`);
  expect(commit).toMatchObject({ commit: { verification: { verified: true } } });
}, 240_000);

it('says that a token was revoked, and continues with a new one', async () => {
  const { gitea, installed, shops } = on;
  const { revoked: shop } = shops;
  await gitea.revokeTokens('revoked-bot');
  expect(await promote(shop, 'failed')).toEqual({
    code: 'bad-credentials',
    detail: expect.stringContaining('refuses these credentials'),
  });
  const secret = secretManifest('git-revoked', { token: await on.createToken('revoked-bot') });
  // Before the file that has the old one.
  await writeFile(path.join(installed.pipelinesDir, 'a-secret.yaml'), secret);
  const lane = installed.client.workflow.getHandle(installed.lane('staging', 'revoked'));
  await eventually(async () => {
    const { inHand, outcomes } = await shop.state();
    if (inHand === undefined && outcomes[0]?.state === 'failed') await lane.signal(retrySignal);
    expect(outcomes[0]?.state).toBe('pull-request');
  }, 80_000);
  expect((await shop.openPullRequest()).title).toBe('Promote apps/revoked in staging to 1.1.0');
}, 240_000);

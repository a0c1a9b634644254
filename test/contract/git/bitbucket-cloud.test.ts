/** Whole promotions on Bitbucket Cloud: real Git, its API, and the Secret's credentials for both. */
import { type BitbucketWithGit, startBitbucketWithGit } from '../../support/bitbucket-with-git';
import { branch, manifestPath, type PromotionForge, startPromotionForge } from './promotion-forge';

const path = 'acme/fleet';
const manifest = (version: string): string => `version: ${version} # {"$promotion": "apps:shop:staging"}`;

let promotions: PromotionForge;
let bitbucket: BitbucketWithGit;

beforeEach(async () => {
  promotions = await startPromotionForge();
});
afterEach(async () => {
  await bitbucket.close();
  await promotions.close();
});

const start = async (login: Parameters<typeof startBitbucketWithGit>[1]): Promise<void> => {
  bitbucket = await startBitbucketWithGit(path, login, { [manifestPath]: `${manifest('1.0.0')}\n` });
};
const promote = (secret: Readonly<Record<string, string>>, version: string, release: number) =>
  promotions.promote({
    ...{ version, release, secrets: { 'apps/git': secret } },
    strategy: { provider: 'bitbucket-cloud', url: bitbucket.url },
  });

it.each([
  ['an access token', { token: 'ATCTT3x' }, { token: 'ATCTT3x', gitUser: 'x-token-auth' }],
  [
    "a user's API token",
    { token: 'ATATT3x', username: 'bot@example.com' },
    { token: 'ATATT3x', gitUser: 'x-bitbucket-api-token-auth', email: 'bot@example.com' },
  ],
])(
  '%s is enough for Git and for the pull request, which the next version updates',
  async (_name, secret, login) => {
    await start(login);
    const opened = await promote(secret, '1.1.0', 2);
    expect(opened).toMatchObject({ state: 'pull-request' });
    expect(bitbucket.readFile(branch, manifestPath).trim()).toBe(manifest('1.1.0'));
    const [first] = bitbucket.repository.pullRequests;
    const { title, description } = first!;
    expect(title).toBe('Promote apps/shop in staging to 1.1.0');
    expect(description).toMatch(/^\[\/\/\]: # \(windlass:begin\)\n\n[^]*\n\n\[\/\/\]: # \(windlass:end\)$/);
    expect(description).not.toContain('<!--');

    await promote(secret, '1.1.0', 2);
    await promote(secret, '1.2.0', 3);
    expect(bitbucket.repository.pullRequests).toHaveLength(1);
    expect(first).toMatchObject({ state: 'OPEN', title: 'Promote apps/shop in staging to 1.2.0' });
    expect(bitbucket.readFile(branch, manifestPath).trim()).toBe(manifest('1.2.0'));
  },
);

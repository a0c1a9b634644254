/** A Secret with a GitHub App's key and no token: API and Git work with tokens that end. */
import { generateKeyPairSync } from 'node:crypto';
import { eventually } from '../support/eventually';
import { createInstallation, type Installation } from '../support/installation';
import { ended, openPullRequests } from '../support/lane-outcomes';
import { workflowHistories } from '../support/workflow-histories';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();

let installation: Installation;
const tokens: string[] = [];

beforeAll(async () => {
  installation = await createInstallation({
    flags: ['--promotion-retry-delay=0', '--log-level=debug'],
    app: {
      id: '4711',
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      installation: { id: 815, owner: 'acme' },
      tokenLifeMs: 20_000,
    },
    gitSecret: (forge) => ({
      githubAppID: '4711',
      githubAppInstallationOwner: 'acme',
      githubAppPrivateKey: pem,
      githubAppBaseURL: `${forge.url}/api/v3`,
    }),
  });
  installation.forge.app!.onIssue = (token) => tokens.push(token);
  await Promise.all([installation.startApi(), installation.startWorker()]);
}, 120_000);
afterAll(() => installation.close());

it('promotes with tokens of its installation, and with others once they have ended', async () => {
  await installation.report({ version: '1.1.0', release: 2 });
  await ended(installation, '1.1.0', 'pull-request');
  expect(openPullRequests(installation)).toMatchObject([{ title: 'Promote apps/shop in staging to 1.1.0' }]);
  const before = [...tokens];
  await eventually(() => !before.some((token) => installation.forge.app!.accepts(token)));
  await installation.report({ version: '1.2.0', release: 3 });
  await ended(installation, '1.2.0', 'pull-request');
  expect(openPullRequests(installation)).toMatchObject([{ title: 'Promote apps/shop in staging to 1.2.0' }]);
  expect(tokens.length).toBeGreaterThan(before.length);
}, 120_000);

it('leaves neither key nor tokens in a history', async () => {
  const histories = [...(await workflowHistories(installation.client)).values()].join('\n');
  expect(histories).toContain('1.2.0');
  const base64 = (text: string): string => Buffer.from(text).toString('base64').slice(4, -4);
  for (const secret of [...tokens, pem.split('\n')[3]!]) {
    expect(histories).not.toContain(secret);
    expect(histories).not.toContain(base64(secret));
  }
}, 60_000);

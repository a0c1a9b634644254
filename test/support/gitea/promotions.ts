/** The built programs, promoting on the Gitea of the whole run. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { install, type Installed } from '../installed';
import { secretManifest } from '../installation';
import { type Program } from '../program';
import { type Gitea, type GiteaScope } from './client';
import { sharedGitea } from './shared';
import { createShopRepository, type GiteaShop, giteaShop, shopManifests, type ShopOptions } from './shop';

/** Of the readme of the provider. */
const leastScopes: readonly GiteaScope[] = ['write:repository', 'write:issue', 'read:user'];

/** What a Pipeline has besides what all have. */
export interface ShopPlan extends Omit<ShopOptions, 'secret'> {
  readonly secret?: ShopOptions['secret'];
  /** Whose token it has; default: the bot of the installation. */
  readonly bot?: string;
}

export interface GiteaPromotions<Name extends string> {
  readonly gitea: Gitea;
  readonly installed: Installed;
  readonly shops: Readonly<Record<Name, GiteaShop>>;
  /** One who may merge and push. */
  readonly person: string;
  readonly worker: Program;
  /** A new token for the user whose name a plan has, with what Windlass needs. */
  createToken(bot: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * Starts `windlass api` and `windlass worker` with a Pipeline and a repository for each plan. The repositories' webhooks
 * tell Windlass when to look.
 * @param organization of this test file alone
 */
export async function startGiteaPromotions<Name extends string>(
  organization: string,
  plans: (gitea: Gitea) => Promise<Readonly<Record<Name, ShopPlan>>> | Readonly<Record<Name, ShopPlan>>,
): Promise<GiteaPromotions<Name>> {
  const gitea = sharedGitea();
  const people = { bot: `${organization}-bot`, person: `${organization}-person` };
  await gitea.createOrganization(organization);
  for (const name of Object.values(people)) await gitea.createUser(name);
  const createToken = async (bot: string): Promise<string> => gitea.createToken(bot, leastScopes);
  const token = await createToken(people.bot);
  const hookSecret = randomUUID();
  const hmacKey = randomUUID();
  const manifests = { pipeline: [''], secrets: [secretManifest('hmac', { 'hmac-key': hmacKey })] };
  const planned = Object.entries(await plans(gitea)) as [Name, ShopPlan][];
  for (const [name, plan] of planned) {
    const { bot = people.bot, secret = {} } = plan;
    await gitea.createUser(bot);
    const repository = `${organization}/${name}`;
    await createShopRepository(gitea, repository, name, [people.person, bot]);
    const login = { token: bot === people.bot ? token : await createToken(bot) };
    const all = { ...login, 'webhook-secret': hookSecret, ...secret };
    const { pipeline, secrets } = shopManifests(gitea, repository, name, { ...plan, secret: all });
    manifests.pipeline.push(pipeline);
    manifests.secrets.push(secrets);
  }
  const directory = await mkdtemp(path.join(tmpdir(), 'windlass-forges-'));
  const joined = { pipeline: manifests.pipeline.join('---\n'), secrets: manifests.secrets.join('---\n') };
  const flags = ['--promotion-retry-delay=0', '--promotion-hook-rate-limit=1000'];
  // SSH URLs do not say where the API is: `apiUrl` does, whose host is another then.
  const env = { WINDLASS_ALLOWED_HOSTS: `127.0.0.1,localhost,127.0.0.1:${gitea.port}` };
  const installed = await install(directory, hmacKey, joined, { flags, env });
  const [api, worker] = await Promise.all([installed.startApi(), installed.startWorker()]);
  const { webhook = '' } = await api.ready;
  const shops: Partial<Record<Name, GiteaShop>> = {};
  for (const [name] of planned) {
    const repository = `${organization}/${name}`;
    shops[name] = giteaShop(gitea, installed, repository, name);
    await gitea.request('POST', `repos/${repository}/hooks`, {
      ...{ type: 'gitea', active: true, events: ['pull_request', 'pull_request_sync'] },
      config: { url: `${webhook}/providers/gitea`, content_type: 'json', secret: hookSecret },
    });
  }
  return {
    ...{ gitea, installed, worker, createToken, person: people.person },
    shops: shops as Record<Name, GiteaShop>,
    close: async () => {
      await installed.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

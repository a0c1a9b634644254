import { join } from 'node:path';
import { type PullRequestDependencies } from '../../activities/pull-request/pull-request-context';
import { type Config } from '../../config/config';
import { type TlsMaterial } from '../../domain/credentials';
import { createRepositoryCache } from '../../git/cache/repository-cache';
import { createOutbound } from '../../http/outbound/create-outbound';
import { type Outbound } from '../../http/outbound/outbound';
import { permittedAddresses } from '../../http/outbound/permitted-addresses';
import { proxyFromEnvironment } from '../../http/outbound/proxy-settings';
import { type RequestPolicy } from '../../http/outbound/request-policy';
import { type Parser } from '../../parsing/parser';
import { providerLogins } from '../../providers/logins';
import { providerOf } from '../../providers/registry';
import { createApiAccess } from '../../providers/rest/api-access';
import { createCredentialSource } from '../../store/credential-source';
import { type PipelineStore } from '../../store/pipeline-store';
import { createSigningKeySource } from '../../store/signing-key-source';
import { promotionPage } from './promotion-pages';

/** Enough for a few hundred repositories, because they are bare and shallow. */
const repositoryCacheBytes = 2_000_000_000;
/** One repository leaves room for others. */
const repositoryBytes = 500_000_000;

/** What a process has by itself; the worker adds the rest. */
type RepositoryDependencies = Omit<PullRequestDependencies, 'authority'>;

/** What work in repositories needs to know of the configuration; plain data. */
export type RepositorySettings = Pick<
  Config,
  'dataDir' | 'outbound' | 'commit' | 'dashboardUrl' | 'temporalUiUrl'
> & {
  /** Of Temporal. */
  readonly namespace: string;
  /** Whether Pipelines may name this machine: for one that runs everything itself. */
  readonly loopback: boolean;
  /** Begins the names of git's process families, by which another process can end them. */
  readonly familyPrefix?: string;
};

export function createPullRequestDependencies(
  settings: RepositorySettings,
  store: PipelineStore,
  parser: Parser,
): RepositoryDependencies {
  const { dataDir, outbound, commit, namespace, loopback, familyPrefix } = settings;
  const reach = {
    loopback: loopback && !outbound.refusePrivateHosts,
    privateNetworks: !outbound.refusePrivateHosts,
    allowedHosts: outbound.allowedHosts,
  };
  const open = outboundOf(outbound, { reach });
  const credentials = createCredentialSource(store, providerLogins(open));
  return {
    store,
    parser,
    repositories: createRepositoryCache({
      directory: join(dataDir, 'repositories'),
      maxBytes: repositoryCacheBytes,
      maxRepositoryBytes: repositoryBytes,
      credentials,
      signingKeys: createSigningKeySource(store),
      allowPlainHttp: outbound.allowPlainHttp,
      addressesOf: (host) => permittedAddresses(host, reach),
      environment: process.env,
      ...(familyPrefix === undefined ? {} : { familyPrefix }),
    }),
    provider: providerOf,
    commits: commit,
    apiAccess: createApiAccess(credentials, open),
    promotionPage: (id) => promotionPage(settings, namespace, id),
  };
}

/** Makes clients that reach hosts of a Pipeline with a `reach`, and hosts of the operator without. */
export function outboundOf(
  { allowedHosts, allowPlainHttp }: Config['outbound'],
  within: Pick<RequestPolicy, 'reach'> = {},
): (hosts: readonly string[], tls?: TlsMaterial) => Outbound {
  const proxy = proxyFromEnvironment(process.env);
  return (hosts, tls) =>
    createOutbound({
      ...within,
      allowedHosts: [...hosts, ...allowedHosts],
      allowPlainHttp,
      proxy,
      ...(tls === undefined ? {} : { tls }),
    });
}

import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { type TlsMaterial } from '../../domain/credentials';
import { type HostReach } from '../../domain/network/host-reach';
import { isLoopbackHost } from '../../domain/network/loopback';
import { guardedLookup } from './guarded-lookup';
import { type ProxySettings } from './proxy-settings';
import { secureContextOf } from './trust';

/** How connections are made. */
export interface Connections {
  readonly tls?: TlsMaterial;
  readonly proxy?: ProxySettings;
  /** Where hosts may be. Absent: anywhere but at metadata services. */
  readonly reach?: HostReach;
}

const connectTimeoutMs = 10_000;

/**
 * The connections for one set of credentials. Never through a proxy to this machine, whatever NO_PROXY says: as Go's
 * clients do.
 * @throws WindlassError bad-credentials when the TLS material cannot be read
 */
export function dispatchers(options: Connections, timeoutMs: number): (url: URL) => Dispatcher {
  const secureContext = options.tls === undefined ? undefined : secureContextOf(options.tls);
  const connection = {
    timeout: Math.min(connectTimeoutMs, timeoutMs),
    ...(secureContext === undefined ? {} : { secureContext }),
  };
  const agentOptions = {
    connect: { ...connection, lookup: guardedLookup(undefined, options.reach) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    // The client is made for one promotion: idle connections need not outlive it by much.
    keepAliveTimeout: 2_000,
    keepAliveMaxTimeout: 5_000,
  };
  const direct = new Agent(agentOptions);
  const { httpProxy = '', httpsProxy = '', noProxy = '' } = options.proxy ?? {};
  if (httpProxy === '' && httpsProxy === '') return () => direct;
  // Empty strings keep undici from reading the process's environment by itself.
  const proxied = new EnvHttpProxyAgent({
    ...agentOptions,
    httpProxy,
    httpsProxy,
    noProxy,
    requestTls: connection,
    proxyTls: { timeout: connection.timeout },
  });
  return (url) => (isLoopbackHost(url.hostname) ? direct : proxied);
}

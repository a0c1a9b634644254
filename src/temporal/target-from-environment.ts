import { createSecureContext } from 'node:tls';
import {
  type ClientConfigProfile,
  loadClientConfigProfile,
  loadConfigData,
  toClientOptions,
} from '@temporalio/envconfig';
import { redactAddress } from '../domain/network/redact';
import { type TemporalTarget } from './connection';

type Variables = Readonly<Record<string, string | undefined>>;

/** `host`, `host:port`, `[::1]:port`: gRPC knows no scheme and no path. */
const plainAddress = /^(?:\[[0-9a-f:.]+\]|[^\s:/@?#[\]]+)(?::\d{1,5})?$/i;

/** What may stand in a header of gRPC (https://grpc.github.io/grpc/core/md_doc__p_r_o_t_o_c_o_l-_h_t_t_p2.html). */
const headerValue = /^[\x20-\x7e]*$/;

/**
 * Reads TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_PROFILE, TEMPORAL_TLS_…, TEMPORAL_API_KEY and temporal.toml
 * (https://docs.temporal.io/develop/environment-configuration). An empty variable counts as absent; white space around
 * a value, such as the line end of the file that a Secret was made from, belongs to none.
 * @throws Error with a sentence without its full stop that names the setting and holds none of its secrets
 */
export function temporalTargetFromEnvironment(env: Variables = process.env): TemporalTarget {
  const profile = readProfile(env);
  const address = profile.address ?? 'localhost:7233';
  if (!plainAddress.test(address)) throw new Error(addressFault(address));
  for (const value of [profile.apiKey ?? '', ...Object.values(profile.grpcMeta ?? {})]) {
    if (headerValue.test(value)) continue;
    throw new Error(
      'TEMPORAL_API_KEY or TEMPORAL_GRPC_META_… holds a line break or another character that no key has: set it again',
    );
  }
  const { connectionOptions, namespace } = toClientOptions(profile);
  const { tls, apiKey, metadata } = connectionOptions;
  if (typeof tls === 'object' && tls !== null) checkCertificates(tls);
  return {
    address,
    namespace: namespace ?? 'default',
    credentials: {
      ...(tls === undefined ? {} : { tls }),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(metadata === undefined ? {} : { metadata }),
    },
  };
}

function readProfile(env: Variables): ClientConfigProfile {
  const given = Object.entries(env).flatMap(([name, value = '']): [string, string][] => {
    const clean = name.startsWith('TEMPORAL_') ? value.trim() : value;
    return clean === '' ? [] : [[name, clean]];
  });
  let profile: ClientConfigProfile;
  try {
    profile = loadClientConfigProfile({ overrideEnvVars: Object.fromEntries(given) });
    for (const source of [profile.tls?.clientCert, profile.tls?.clientKey, profile.tls?.serverCACert]) {
      loadConfigData(source);
    }
  } catch (error) {
    throw new Error(describe(error));
  }
  const { address, namespace, apiKey, grpcMeta, tls } = profile;
  return {
    ...trimmed({ address, namespace, apiKey }),
    ...(tls === undefined ? {} : { tls }),
    ...(grpcMeta === undefined ? {} : { grpcMeta: withoutLineEnds(grpcMeta) }),
  };
}

/** Those of temporal.toml, too; an empty value counts as absent. */
function trimmed<Key extends string>(
  values: Readonly<Record<Key, string | undefined>>,
): Partial<Record<Key, string>> {
  const clean: Partial<Record<Key, string>> = {};
  for (const key of Object.keys(values) as Key[]) {
    const text = values[key]?.trim();
    if (text) clean[key] = text;
  }
  return clean;
}

function withoutLineEnds(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, value.trim()]));
}

function addressFault(address: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address)?.[0];
  const said = JSON.stringify(redactAddress(address));
  if (scheme === undefined)
    return `TEMPORAL_ADDRESS is ${said}: it must be host:port, such as temporal.example.com:7233`;
  return (
    `TEMPORAL_ADDRESS is ${said}: it must be host:port without ${scheme}, such as temporal.example.com:7233; ` +
    'TEMPORAL_TLS=true or TEMPORAL_API_KEY turns TLS on'
  );
}

/** Bad certificates would otherwise show at each try to connect, in words that name no setting. */
function checkCertificates(
  tls: Exclude<TemporalTarget['credentials']['tls'], boolean | null | undefined>,
): void {
  const { clientCertPair: pair, serverRootCACertificate: ca } = tls;
  try {
    createSecureContext({
      ...(pair === undefined ? {} : { cert: Buffer.from(pair.crt), key: Buffer.from(pair.key) }),
      ...(ca === undefined ? {} : { ca: Buffer.from(ca) }),
    });
  } catch {
    throw new Error(
      'TEMPORAL_TLS_CLIENT_CERT_…, TEMPORAL_TLS_CLIENT_KEY_… or TEMPORAL_TLS_SERVER_CA_CERT_… cannot be used: ' +
        'each must be PEM, and the key must be that of the certificate',
    );
  }
}

/** A parser's message quotes the file, which holds keys; a path may be a key in the wrong variable. */
function describe(error: unknown): string {
  const { name, message, code, path, line, column } = error as NodeJS.ErrnoException & {
    readonly line?: number;
    readonly column?: number;
  };
  if (name === 'TomlError' || line !== undefined)
    return `temporal.toml is no TOML (line ${line}, column ${column})`;
  if (code === undefined) return message.replace(/\.$/, '');
  const isPath = path !== undefined && path.length < 500 && !/[\r\n]|-----BEGIN/.test(path);
  return isPath ? `${path} cannot be read (${code})` : `a file that a setting names cannot be read (${code})`;
}

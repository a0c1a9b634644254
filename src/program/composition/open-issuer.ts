import { readFile } from 'node:fs/promises';
import { type Logger } from 'pino';
import { type Authenticator } from '../../access/access';
import { IssuerKeys } from '../../access/oidc/issuer-keys';
import { oidcAuthenticator } from '../../access/oidc/oidc-authenticator';
import { type Config } from '../../config/config';
import { ConfigurationError } from '../../config/configuration-error';
import { settings } from '../../config/settings';
import { WindlassError } from '../../domain/errors';
import { createOutbound } from '../../http/outbound/create-outbound';
import { type Outbound } from '../../http/outbound/outbound';
import { proxyFromEnvironment } from '../../http/outbound/proxy-settings';
import { settingName } from './operator-file';

/** Well below what a client of the API waits for. */
const timeoutMs = 5_000;
/** A discovery document and a set of keys have a few kilobytes. */
const maxResponseBytes = 512 * 1024;

/**
 * Opens the OpenID Connect issuer, if one is configured.
 * @throws ConfigurationError for CA certificates that cannot be used
 */
export async function openIssuer(
  { issuerUrl: issuer, clientId, caFile, ...names }: Config['access']['oidc'],
  log: Logger,
): Promise<Authenticator | undefined> {
  if (issuer === undefined || clientId === undefined) return undefined;
  const keys = new IssuerKeys({ issuer, outboundTo: await outboundToIssuer(caFile), log });
  keys.readSoon();
  return oidcAuthenticator({
    issuer,
    clientId,
    claims: { user: names.usernameClaim, groups: names.groupsClaim },
    prefixes: { user: names.usernamePrefix, group: names.groupsPrefix },
    keys,
  });
}

/**
 * How to reach the issuer: by the proxy of the environment, with its CA.
 * @throws ConfigurationError for CA certificates that cannot be used
 */
export async function outboundToIssuer(
  caFile: string | undefined,
): Promise<(hosts: readonly string[]) => Outbound> {
  const ca = caFile === undefined ? undefined : await readCa(caFile);
  const proxy = proxyFromEnvironment(process.env);
  const outboundTo = (allowedHosts: readonly string[]) =>
    createOutbound({
      allowedHosts,
      allowPlainHttp: false,
      proxy,
      timeoutMs,
      maxResponseBytes,
      ...(ca === undefined ? {} : { tls: { ca } }),
    });
  try {
    outboundTo([]);
  } catch (error) {
    if (!(error instanceof WindlassError)) throw error;
    throw caFault(`${String(caFile)} holds something that is not a certificate in PEM.`);
  }
  return outboundTo;
}

async function readCa(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw caFault(`${file} cannot be read (${String((error as NodeJS.ErrnoException).code)}).`);
  }
}

function caFault(fault: string): ConfigurationError {
  return new ConfigurationError([`${settingName(settings.oidcCaFile)}: ${fault}`]);
}

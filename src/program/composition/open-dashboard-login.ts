import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Logger } from 'pino';
import { AccessUnavailable } from '../../access/access';
import { type CodeFlow, createCodeFlow } from '../../access/oidc/code-flow';
import { CodeLogin } from '../../api/dashboard/code-login';
import { type DashboardLogin } from '../../api/dashboard/login-routes';
import { oneTimeLinks } from '../../api/dashboard/one-time-links';
import { createSessions } from '../../api/dashboard/sessions';
import { type Config } from '../../config/config';
import { settings } from '../../config/settings';
import { type Foundation } from './foundation';
import { outboundToIssuer } from './open-issuer';
import { settingName } from './operator-file';

const longestSecret = 4_096;

/**
 * Opens how people log in to the dashboard.
 * @throws ConfigurationError for CA certificates that cannot be used
 */
export async function openDashboardLogin({
  config,
  log,
  capabilityKeys,
}: Pick<Foundation, 'config' | 'log' | 'capabilityKeys'>): Promise<DashboardLogin> {
  const { dashboardUrl, access } = config;
  // Without a key of the operator, sessions end with the process.
  const own = randomBytes(32);
  const keys = () => capabilityKeys?.().keys.map(({ key }) => key) ?? [own];
  const site = dashboardUrl === undefined ? {} : { dashboardUrl };
  const now = Date.now;
  const flow = dashboardUrl === undefined ? undefined : await openCodeFlow(access.oidc, log);
  if (dashboardUrl === undefined && access.oidc.issuerUrl !== undefined) {
    log.info(
      `The dashboard offers no login by OpenID Connect: set ${settingName(settings.dashboardUrl)} to where people reach it.`,
    );
  }
  return {
    sessions: createSessions({ ...site, keys, now, issuer: issuerOf(access.oidc) }),
    links: oneTimeLinks(keys, now),
    ...(flow === undefined || dashboardUrl === undefined
      ? {}
      : { code: new CodeLogin({ flow, dashboardUrl, keys, now }) }),
    ...(dashboardUrl === undefined ? {} : { url: dashboardUrl }),
  };
}

/** Sessions count as long as all of this stays as it is. */
function issuerOf(oidc: Config['access']['oidc']): string | undefined {
  const { issuerUrl, clientId, usernameClaim, usernamePrefix, groupsClaim, groupsPrefix } = oidc;
  if (issuerUrl === undefined || clientId === undefined) return undefined;
  const all = [issuerUrl, clientId, usernameClaim, usernamePrefix, groupsClaim, groupsPrefix];
  return createHash('sha256').update(JSON.stringify(all)).digest('base64url').slice(0, 16);
}

async function openCodeFlow(
  { issuerUrl: issuer, clientId, caFile, clientSecretFile, groupsClaim }: Config['access']['oidc'],
  log: Logger,
): Promise<CodeFlow | undefined> {
  if (issuer === undefined || clientId === undefined) return undefined;
  return createCodeFlow({
    issuer,
    clientId,
    clientSecret: async () =>
      clientSecretFile === undefined ? undefined : readSecret(clientSecretFile, log),
    groupsClaim,
    outboundTo: await outboundToIssuer(caFile),
    log,
  });
}

async function readSecret(file: string, log: Pick<Logger, 'warn'>): Promise<string> {
  const refused = (fault: string): AccessUnavailable => {
    log.warn(`${settingName(settings.oidcClientSecretFile)}: ${file} ${fault}`);
    return new AccessUnavailable('The login is not configured completely: the log of Windlass says why.');
  };
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw refused(`cannot be read (${String((error as NodeJS.ErrnoException).code)}).`);
  });
  const secret = text.trim();
  if (secret === '' || secret.length > longestSecret) throw refused('does not contain a secret.');
  return secret;
}

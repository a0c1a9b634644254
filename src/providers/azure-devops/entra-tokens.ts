/** Tokens of a service principal of Microsoft Entra ID, by its client secret. */
import { type SecretData } from '../../domain/credentials';
import { WindlassError } from '../../domain/errors';
import { redact } from '../../domain/network/redact';
import { secretValueFaults } from '../../domain/secret-value';
import { tokenSubstitute } from '../../domain/token-substitutes';
import { type Outbound } from '../../http/outbound/outbound';
import { type ExpiringToken, type TokenExchange } from '../port';
import { retryAfterMs } from '../rest/retry-after';
import { z } from 'zod';

const loginHost = 'login.microsoftonline.com';
/** Azure DevOps, in every tenant: https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/service-principal-managed-identity */
const scope = '499b84ac-1321-427f-aa17-267ca6975798/.default';
const keys = ['azureTenantID', 'azureClientID', 'azureClientSecret'] as const;
const maxWords = 300;

interface ServicePrincipal {
  /** An id or a domain. */
  readonly tenant: string;
  readonly client: string;
  readonly secret: string;
}

/** https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#get-a-token */
const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });
const refusalSchema = z
  .object({ error: z.string().catch(''), error_description: z.string().catch('').default('') })
  .catch({ error: '', error_description: '' });

/** @throws WindlassError credentials-missing where one of the keys is missing, or cannot be what it should be */
export function entraExchange(data: SecretData): TokenExchange | undefined {
  const substitute = tokenSubstitute('azure-devops', data);
  if (substitute === 'none') return undefined;
  if (substitute !== 'usable') {
    const { key, fault } = substitute;
    const says =
      fault === 'missing' ? `has no ${key}` : `has a value of ${key} that ${secretValueFaults[fault]}`;
    throw new WindlassError('credentials-missing', `The Secret ${says}.`);
  }
  const [tenant = '', client = '', secret = ''] = keys.map((key) =>
    new TextDecoder().decode(data[key]).trim(),
  );
  // It is part of a URL: nothing in it may lead elsewhere.
  if (!/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(tenant)) {
    throw new WindlassError(
      'credentials-missing',
      'The azureTenantID of the Secret is not the id of a tenant.',
    );
  }
  return { hosts: [loginHost], obtain: (outbound) => obtain(outbound, { tenant, client, secret }) };
}

async function obtain(
  outbound: Outbound,
  { tenant, client, secret }: ServicePrincipal,
): Promise<ExpiringToken> {
  const asked = { grant_type: 'client_credentials', client_id: client, client_secret: secret, scope };
  const response = await outbound.fetch(`https://${loginHost}/${tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(asked).toString(),
  });
  const body = parseJson(await response.text());
  if (!response.ok) throw refused(response, body, secret);
  const token = tokenSchema.safeParse(body);
  if (!token.success) {
    throw new WindlassError(
      'provider-unavailable',
      `${loginHost} answered ${response.status} without a token.`,
    );
  }
  const { access_token, expires_in } = token.data;
  return { token: access_token, expiresAt: Date.now() + expires_in * 1_000 };
}

/** https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
function refused({ status, headers }: Response, body: unknown, secret: string): WindlassError {
  const { error, error_description } = refusalSchema.parse(body);
  // After the first line come ids and times, which make each failure another one.
  const [line = ''] = error_description.split(/\r?\n| Trace ID:/);
  const words = redact(line === '' ? error : line, [secret]).slice(0, maxWords);
  const said = `${loginHost} answered ${status}${words === '' ? '' : ` (${words})`}`;
  if (status === 429) {
    const retryAfter = retryAfterMs(Object.fromEntries(headers), Date.now());
    return new WindlassError('rate-limited', `${said}.`, { retryAfterMs: retryAfter });
  }
  if (status >= 500) return new WindlassError('provider-unavailable', `${said}.`);
  const advice = 'check azureTenantID, azureClientID and azureClientSecret, which may have expired';
  return new WindlassError('bad-credentials', `${said}: ${advice}.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

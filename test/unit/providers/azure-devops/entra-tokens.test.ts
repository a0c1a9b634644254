import { inspect } from 'node:util';
import { tokenSubstitute } from '../../../../src/domain/token-substitutes';
import { type Outbound } from '../../../../src/http/outbound/outbound';
import { azureDevops } from '../../../../src/providers/azure-devops';
import { type TokenExchange } from '../../../../src/providers/port';
import { failureOf, failureThrownBy } from '../../../support/classified-failure';

const secret = 'client~s3cret';
const data = (values: Record<string, string>): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value)]));
const given = {
  azureTenantID: '8cb9df66-e487-4ad9-9852-28da9bf255b2\n',
  azureClientID: 'd6245f20-2af8-44f4-9451-8107cb2767db',
  azureClientSecret: secret,
};
const exchangeWith = (values: Record<string, string>): TokenExchange | undefined =>
  azureDevops.tokenExchange?.(data(values));

function answering(response: Response): { readonly outbound: Outbound; readonly asked: Request[] } {
  const asked: Request[] = [];
  const fetch: Outbound['fetch'] = (input, init) => {
    asked.push(new Request(input, init));
    return Promise.resolve(response);
  };
  return { outbound: { fetch }, asked };
}

describe('a service principal of Microsoft Entra ID', () => {
  it('obtains a token for Azure DevOps, and for nothing else', async () => {
    const { outbound, asked } = answering(Response.json({ access_token: 'eyJ.a.b', expires_in: 3_599 }));
    const before = Date.now();
    const token = await exchangeWith(given)!.obtain(outbound);
    expect(token.token).toBe('eyJ.a.b');
    expect(token.expiresAt - before).toBeGreaterThanOrEqual(3_599_000);
    expect(token.expiresAt - before).toBeLessThan(3_660_000);
    const [request] = asked;
    expect(request!.url).toBe(
      'https://login.microsoftonline.com/8cb9df66-e487-4ad9-9852-28da9bf255b2/oauth2/v2.0/token',
    );
    expect(Object.fromEntries(new URLSearchParams(await request!.text()))).toEqual({
      ...{ grant_type: 'client_credentials', client_id: given.azureClientID, client_secret: secret },
      scope: '499b84ac-1321-427f-aa17-267ca6975798/.default',
    });
  });

  it('asks the login server of Microsoft alone', () => {
    expect(exchangeWith(given)!.hosts).toEqual(['login.microsoftonline.com']);
  });

  it('is none where the Secret has none of its keys', () => {
    expect(exchangeWith({ token: 'pat', username: 'x' })).toBeUndefined();
  });

  it.each(['azureTenantID', 'azureClientID', 'azureClientSecret'] as const)('needs %s', (key) => {
    const failure = failureThrownBy(() => exchangeWith({ ...given, [key]: ' ' }));
    expect(failure).toMatchObject({ code: 'credentials-missing' });
    expect(failure.message).toContain(key);
    expect(failure.message).not.toContain(secret);
  });

  it('is not what was never decrypted or substituted', () => {
    for (const azureClientSecret of ['ENC[AES256_GCM,data:eA==,type:str]', '${CLIENT_SECRET}']) {
      const failure = failureThrownBy(() => exchangeWith({ ...given, azureClientSecret }));
      expect(failure).toMatchObject({ code: 'credentials-missing' });
      expect(failure.message).toContain('azureClientSecret');
    }
  });

  it('stands for a token, as the Pipeline is told', () => {
    expect(tokenSubstitute('azure-devops', data(given))).toBe('usable');
    expect(tokenSubstitute('github', data(given))).toBe('none');
    const { azureClientID, ...others } = given;
    expect(azureClientID).not.toBe('');
    expect(tokenSubstitute('azure-devops', data(others))).toEqual({ key: 'azureClientID', fault: 'missing' });
  });

  it.each(['../../evil', 'a/b', 'a?b', '.', 'evil.example.com#', 'a b'])(
    'does not ask at the tenant %s',
    (azureTenantID) => {
      const failure = failureThrownBy(() => exchangeWith({ ...given, azureTenantID }));
      expect(failure).toMatchObject({ code: 'credentials-missing' });
    },
  );

  it.each([
    // https://learn.microsoft.com/entra/identity-platform/reference-error-codes
    [
      401,
      {
        error: 'invalid_client',
        error_description: `AADSTS7000215: Invalid client secret provided, not ${secret}.\r\nTrace ID: 1 Correlation ID: 2`,
      },
      'bad-credentials',
    ],
    [
      400,
      { error: 'unauthorized_client', error_description: 'AADSTS700016: no such app' },
      'bad-credentials',
    ],
    [429, {}, 'rate-limited'],
    [503, 'sorry', 'provider-unavailable'],
    [200, { hello: 'world' }, 'provider-unavailable'],
  ])('means by %i %j: %s', async (status, body, code) => {
    const headers = { 'retry-after': '30' };
    const { outbound } = answering(Response.json(body, { status, headers }));
    const failure = await failureOf(exchangeWith(given)!.obtain(outbound));
    expect(failure).toMatchObject({ code });
    expect(failure.message).toContain(`login.microsoftonline.com answered ${status}`);
    expect(failure.message).not.toContain('Trace ID');
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain(secret);
  });
});

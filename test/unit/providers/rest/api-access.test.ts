import { type PromotionCredentials } from '../../../../src/domain/credentials';
import { createApiAccess } from '../../../../src/providers/rest/api-access';

const reference = {
  namespace: 'team',
  secretName: 'git',
  provider: 'github',
  hosts: ['git.example.com'],
} as const;

describe('access to an API', () => {
  const opened: { readonly hosts: readonly string[]; readonly ca: string | undefined }[] = [];
  const secret: { today: PromotionCredentials } = { today: { token: '', tls: {} } };
  const access = createApiAccess(
    () => Promise.resolve(secret.today),
    (hosts, { ca }) => {
      opened.push({ hosts, ca });
      return { fetch };
    },
  )(reference);
  beforeEach(() => opened.splice(0));

  it('reads the token each time, and keeps its connections', async () => {
    secret.today = { token: 'old', tls: { ca: 'one' } };
    const first = await access();
    secret.today = { token: 'new', tls: { ca: 'one' } };
    const second = await access();
    expect([first.token, second.token]).toEqual(['old', 'new']);
    expect(second.outbound).toBe(first.outbound);
    expect(opened).toEqual([{ hosts: ['git.example.com'], ca: 'one' }]);
  });

  it('connects again with other TLS material', async () => {
    secret.today = { token: 't', tls: { ca: 'two' } };
    await access();
    expect(opened).toEqual([{ hosts: ['git.example.com'], ca: 'two' }]);
  });
});

/** A fake that takes everything proves nothing. */
import { startFakeAzureDevops, type FakeAzureDevops } from '../../support/fake-azure-devops';

const token = 'pat-1';
const path = 'DefaultCollection/fleet/_git/apps';
const root = '/DefaultCollection/fleet/_apis/git/repositories/apps';
const refs = { sourceRefName: 'refs/heads/promotion', targetRefName: 'refs/heads/main' };
let fake: FakeAzureDevops;

beforeAll(async () => {
  fake = await startFakeAzureDevops({ token, repositories: [path] });
  fake.repository(path).push('promotion');
  fake.repository(path).open({ title: 't', description: '', source: 'promotion', target: 'main' });
});
afterAll(() => fake.close());

async function answer(method: string, url: string, body?: unknown, password = token) {
  const response = await fetch(`${fake.url}${url}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`:${password}`).toString('base64')}`,
      ...{ 'content-type': 'application/json', 'x-tfs-fedauthredirect': 'Suppress' },
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

describe('the strict server of Azure DevOps', () => {
  it.each([
    [
      'a parameter that is not described',
      'GET',
      '/pullrequests?api-version=7.0&$limit=1',
      undefined,
      '$limit',
    ],
    ['no version', 'GET', '/pullrequests', undefined, 'api-version'],
    ['another version', 'GET', '/pullrequests?api-version=6.0', undefined, 'api-version'],
    ['no number', 'GET', '/pullrequests?api-version=7.0&$top=all', undefined, '$top'],
    [
      'a field that is not described',
      'POST',
      '/pullrequests?api-version=7.0',
      { ...refs, title: 't', draft: true },
      'draft',
    ],
    [
      'a branch without its prefix',
      'POST',
      '/pullrequests?api-version=7.0',
      { ...refs, title: 't', sourceRefName: 'promotion' },
      'sourceRefName',
    ],
    ['no body', 'POST', '/pullrequests?api-version=7.0', undefined, 'title'],
    ['what cannot be updated', 'PATCH', '/pullrequests/1?api-version=7.0', { isDraft: true }, 'isDraft'],
    [
      'a status without a name',
      'POST',
      '/pullRequests/1/statuses?api-version=7.0',
      { state: 'succeeded' },
      'context',
    ],
    [
      'a state of another service',
      'POST',
      '/pullRequests/1/statuses?api-version=7.0',
      { state: 'success', context: { name: 'x' } },
      'state',
    ],
  ])('refuses %s', async (_name, method, url, body, words) => {
    const { status, text } = await answer(method, `${root}${url}`, body);
    expect(status).toBe(400);
    expect(text).toContain('InvalidArgumentValueException');
    expect(text).toContain(words);
  });

  it('refuses what is not below its paths, and a token that is not its own', async () => {
    expect((await answer('GET', `${root}/pushes?api-version=7.0`)).status).toBe(404);
    expect((await answer('GET', `${root}?api-version=7.0`, undefined, 'pat-2')).status).toBe(401);
    expect((await answer('GET', `${root}?api-version=7.0`)).status).toBe(200);
  });
});

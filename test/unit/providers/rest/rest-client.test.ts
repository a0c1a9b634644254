import { inspect } from 'node:util';
import { z } from 'zod';
import { parseRepositoryUrl } from '../../../../src/domain/pipeline/repository-url';
import { type ApiAccess } from '../../../../src/providers/port';
import { linkedPages } from '../../../../src/providers/rest/paginate';
import { createRestClient, type RestClient } from '../../../../src/providers/rest/rest-client';
import { type RestApi } from '../../../../src/providers/rest/rest-api';
import { accessWith } from '../../../support/api-access';
import { failureOf } from '../../../support/classified-failure';

const signal = new AbortController().signal;
const api: RestApi = {
  basePath: '',
  authorization: ({ token }) => ({ 'x-token': token }),
  sentences: (body) => z.object({ message: z.array(z.string()) }).parse(body).message,
  isRateLimit: ({ status, words }) => status === 418 && words.includes('slower'),
  paginate: linkedPages,
};
const clientWith = (access: ApiAccess): RestClient =>
  createRestClient(api, {
    repository: parseRepositoryUrl('https://git.example.com/acme/apps'),
    apiUrl: 'https://git.example.com/api',
    access,
  });
const get = { method: 'GET', url: 'pulls?state=open' };

/** A client of a service that gives these answers, and the requests that it had. */
function conversation(...answers: readonly Response[]): { client: RestClient; asked: Request[] } {
  const asked: Request[] = [];
  const fetch: typeof globalThis.fetch = (input, init) => {
    asked.push(new Request(input, init));
    return Promise.resolve(answers[asked.length - 1] ?? Response.json([]));
  };
  return { client: clientWith(accessWith('canary', { fetch })), asked };
}

describe('a request', () => {
  it('shows the token as the service wants it, and who asks', async () => {
    const { client, asked } = conversation(Response.json({}));
    await client.send({ method: 'POST', url: 'pulls', body: { a: 1 } }, signal);
    const [request] = asked;
    expect(request?.url).toBe('https://git.example.com/api/pulls');
    expect(Object.fromEntries(request!.headers)).toEqual({
      accept: 'application/json',
      'content-type': 'application/json',
      'user-agent': 'windlass',
      'x-token': 'canary',
    });
    expect(await request!.json()).toEqual({ a: 1 });
  });

  it.each([
    [401, 1],
    [403, 0],
    [500, 0],
  ])('lets a kept token be forgotten after %s: %s times', async (status, times) => {
    let forgotten = 0;
    const forget = () => {
      forgotten += 1;
    };
    const outbound = { fetch: () => Promise.resolve(Response.json({ message: [] }, { status })) };
    await failureOf(clientWith(() => Promise.resolve({ token: 't', outbound, forget })).send(get, signal));
    expect(forgotten).toBe(times);
  });

  it('takes the credentials of its own moment', async () => {
    const shown: (string | null)[] = [];
    const outbound = {
      fetch: (...request: Parameters<typeof fetch>) => {
        shown.push(new Request(...request).headers.get('x-token'));
        return Promise.resolve(Response.json([]));
      },
    };
    const tokens = ['old', 'new'];
    const client = clientWith(() => Promise.resolve({ token: tokens.shift() ?? '', outbound }));
    await client.send(get, signal);
    await client.send(get, signal);
    expect(shown).toEqual(['old', 'new']);
  });

  it('may be answered without a body', async () => {
    const { client } = conversation(new Response(null, { status: 204 }));
    expect(await client.send({ method: 'DELETE', url: 'x' }, signal)).toBeUndefined();
  });
});

describe('a list', () => {
  const page = (items: readonly number[], link?: string) =>
    Response.json(items, link === undefined ? {} : { headers: { link } });

  it('is all of its pages', async () => {
    const { client, asked } = conversation(
      page(
        [1, 2],
        '<https://git.example.com/api/pulls?page=1>; rel="first", <https://git.example.com/api/pulls?state=open&page=2>; rel="next"',
      ),
      page([3], '<https://git.example.com/api/pulls?page=1>; rel="prev"'),
    );
    expect(await client.send(get, signal)).toEqual([1, 2, 3]);
    expect(asked.map(({ url }) => url)).toEqual([
      'https://git.example.com/api/pulls?state=open',
      'https://git.example.com/api/pulls?state=open&page=2',
    ]);
  });

  it('cannot send the token elsewhere', async () => {
    const { client, asked } = conversation(page([1], '<https://evil.example.org/steal?page=2>; rel="next"'));
    await client.send(get, signal);
    expect(asked.map(({ url }) => url)).toEqual([
      'https://git.example.com/api/pulls?state=open',
      'https://git.example.com/api/pulls?page=2',
    ]);
  });

  it('has an end, whatever the service says', async () => {
    const client = clientWith(
      accessWith('canary', { fetch: () => Promise.resolve(page([1], '<?page=2>; rel="next"')) }),
    );
    expect((await failureOf(client.send(get, signal))).code).toBe('request-refused');
  });
});

describe('a page of a list', () => {
  const tag = 'W/"0a1b"';

  it('carries its tag and the request for the next one', async () => {
    const headers = { etag: tag, link: '<https://evil.example.org/x?page=2>; rel="next"' };
    const { client, asked } = conversation(Response.json([1, 2], { headers }), Response.json([3]));
    const page = await client.page(get, signal);
    expect(page).toMatchObject({ items: [1, 2], tag });
    expect(await client.page(page!.next!, signal)).toEqual({ items: [3] });
    expect(asked.map(({ url }) => url)).toEqual([
      'https://git.example.com/api/pulls?state=open',
      'https://git.example.com/api/pulls?page=2',
    ]);
    expect(asked.map(({ headers: sent }) => sent.has('if-none-match'))).toEqual([false, false]);
  });

  it('is undefined while the answer is the one with the tag', async () => {
    const { client, asked } = conversation(new Response(null, { status: 304 }));
    expect(await client.page(get, signal, tag)).toBeUndefined();
    expect(asked[0]?.headers.get('if-none-match')).toBe(tag);
  });

  it.each(['no quotes', '"line\nbreak"', `"${'x'.repeat(300)}"`])('takes %j for no tag', async (odd) => {
    const { client, asked } = conversation(Response.json([]));
    await client.page(get, signal, odd);
    expect(asked[0]?.headers.has('if-none-match')).toBe(false);
  });

  it('is refused as 304 where nobody asked for it, and as something else than a list', async () => {
    const { client } = conversation(new Response(null, { status: 304 }), Response.json({ a: 1 }));
    expect((await failureOf(client.page(get, signal))).code).toBe('request-refused');
    expect((await failureOf(client.page(get, signal))).code).toBe('request-refused');
  });
});

describe('a refusal', () => {
  it('is told in the words of the service, without the token', async () => {
    const { client } = conversation(
      Response.json({ message: ['no', 'canary'], secret: 'canary' }, { status: 403 }),
    );
    const failure = await failureOf(client.send(get, signal));
    expect(failure.code).toBe('forbidden');
    expect(failure.message).toContain('git.example.com answered 403 (no; ***)');
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain('canary');
    expect(failure).toMatchObject({ status: 403, words: 'no; ***', body: { secret: 'canary' } });
  });

  it('asks for fewer requests where the service says so in its own way', async () => {
    const { client } = conversation(
      Response.json({ message: ['slower'] }, { status: 418, headers: { 'retry-after': '9' } }),
    );
    expect(await failureOf(client.send(get, signal))).toMatchObject({
      code: 'rate-limited',
      retryAfterMs: 9_000,
    });
  });
});

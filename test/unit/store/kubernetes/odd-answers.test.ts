import { type ServerResponse } from 'node:http';
import { pino } from 'pino';
import { createKubernetesStore } from '../../../../src/store/kubernetes/kubernetes-store';
import { type PipelineStore } from '../../../../src/store/pipeline-store';
import { eventually } from '../../../support/eventually';
import {
  type ApiScript,
  type ScriptedApiServer,
  startScriptedApiServer,
} from '../../../support/scripted-api-server';

const pipeline = (name: string, resourceVersion: string, environments = ['dev']) => ({
  apiVersion: 'pipelines.weave.works/v1alpha1',
  kind: 'Pipeline',
  metadata: { name, namespace: 'apps', resourceVersion },
  spec: {
    appRef: { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', name: 'shop' },
    environments: environments.map((environment) => ({ name: environment, targets: [] })),
  },
});
const list = (resourceVersion: string, items: readonly unknown[], next?: string) =>
  JSON.stringify({ metadata: { resourceVersion, ...(next && { continue: next }) }, items });
const event = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;
const json = (answer: ServerResponse, text: string, status = 200) =>
  answer.writeHead(status, { 'content-type': 'application/json' }).end(text);
const status = (code: number) => JSON.stringify({ kind: 'Status', code, message: `says ${code}` });

let api: ScriptedApiServer | undefined;
let store: PipelineStore;
let log: string[];
afterEach(async () => {
  await store.close();
  await api?.close();
});

async function follow(script: ApiScript): Promise<ScriptedApiServer> {
  log = [];
  api = await startScriptedApiServer(script);
  store = createKubernetesStore({
    kubeConfig: api.kubeConfig,
    log: pino({ level: 'info' }, { write: (line: string) => log.push(line) }),
  });
  return api;
}
const environmentsOf = async (name: string) =>
  (await store.pipeline({ namespace: 'apps', name }))?.environments.map((one) => one.name);
const watches = (server: ScriptedApiServer) => server.requests.filter((url) => url.searchParams.has('watch'));

describe('a list that the store cannot use', () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  it.each([
    ['that is no JSON', 200, '<html>', 'not JSON'],
    ['that is cut', 200, '{"metadata":', 'not JSON'],
    ['without a version', 200, '{"metadata":{},"items":[]}', 'metadata.resourceVersion'],
    ['without items', 200, '{"metadata":{"resourceVersion":"1"}}', 'items'],
    ['of null', 200, 'null', 'without a valid structure'],
    ['with an item without a name', 200, list('1', [{ metadata: { namespace: 'apps' } }]), 'metadata.name'],
    ['of pages that go on for ever', 200, list('1', [], 'again'), 'does not end'],
    ['of empty depth', 200, deep, 'without a valid structure'],
    ['behind a login page', 302, '', '302'],
    ['refused without a word', 500, 'oops\u001b[31m', '500'],
    ['refused because there is no such resource', 404, status(404), 'Install the CustomResourceDefinition'],
    ['refused because the token is unknown', 401, status(401), 'credentials are invalid or expired'],
  ])('%s keeps it from being ready, and is told', async (_what, code, text, told) => {
    await follow((_request, answer) => json(answer, text, code));
    await eventually(() =>
      expect(environmentsOf('shop')).rejects.toMatchObject({
        code: 'store-unavailable',
        message: expect.stringContaining(told),
      }),
    );
    expect(store.ready()).toBe(false);
    expect(log.join('')).toContain(told);
  });

  it('does not keep it from trying again', async () => {
    let count = 0;
    await follow(({ isWatch }, answer) => {
      count += 1;
      if (isWatch) answer.writeHead(200).flushHeaders();
      else if (count === 1) answer.destroy();
      else if (count === 2) json(answer, 'nonsense');
      else json(answer, list('1', [pipeline('shop', '1')]));
    });
    await eventually(() => store.ready());
    expect(await environmentsOf('shop')).toEqual(['dev']);
  });

  it('is refused for a while: the API server says for how long', async () => {
    const asked: number[] = [];
    await follow(({ isWatch }, answer) => {
      if (isWatch) answer.writeHead(200).flushHeaders();
      else {
        asked.push(Date.now());
        if (asked.length > 1) json(answer, list('1', []));
        else answer.writeHead(429, { 'retry-after': '1' }).end(status(429));
      }
    });
    await eventually(() => store.ready());
    const [first = 0, second = 0] = asked;
    expect(second - first).toBeGreaterThanOrEqual(990);
  });
});

describe('pages of a list', () => {
  it('are all read before the store is ready', async () => {
    const pages = ['a', 'b', 'c'];
    const { requests } = await follow(({ url, isWatch }, answer) => {
      if (isWatch) answer.writeHead(200).flushHeaders();
      else {
        const page = Number(url.searchParams.get('continue') ?? '0');
        const next = page < 2 ? String(page + 1) : undefined;
        json(answer, list('1', [pipeline(pages[page] ?? '', '1')], next));
      }
    });
    await eventually(() => store.ready());
    expect(await Promise.all(pages.map(environmentsOf))).toEqual([['dev'], ['dev'], ['dev']]);
    expect(requests.slice(0, 3).every((url) => url.searchParams.has('limit'))).toBe(true);
  });
});

describe('a watch', () => {
  it('goes on from the last version that it heard of, be it by a bookmark', async () => {
    let count = 0;
    const server = await follow(({ isWatch }, answer) => {
      if (!isWatch) return json(answer, list('10', [pipeline('shop', '5')]));
      count += 1;
      answer.writeHead(200);
      if (count === 1) answer.write(event('MODIFIED', pipeline('shop', '11', ['prod'])));
      if (count === 1) answer.end(event('BOOKMARK', { metadata: { resourceVersion: '42' } }));
      else answer.flushHeaders();
      return answer;
    });
    await eventually(() => expect(watches(server)).toHaveLength(2));
    expect(watches(server).map((url) => url.searchParams.get('resourceVersion'))).toEqual(['10', '42']);
    expect(server.requests).toHaveLength(3);
    expect(await environmentsOf('shop')).toEqual(['prod']);
  });

  it.each([
    ['that is no JSON', 'nonsense\n'],
    ['of a type that there is not', event('RENAMED', pipeline('shop', '2', ['lost']))],
    ['without an object', '{"type":"ADDED"}\n'],
    ['without a version', event('MODIFIED', { metadata: { name: 'shop', namespace: 'apps' } })],
    ['that says that the version is forgotten', event('ERROR', { kind: 'Status', code: 410 })],
    ['that says that the version has yet to come', event('ERROR', { kind: 'Status', code: 504 })],
    ['that never ends', 'x'.repeat(9 * 1024 * 1024)],
  ])('with an event %s is followed by a new list', async (_what, text) => {
    let lists = 0;
    await follow(({ isWatch }, answer) => {
      if (!isWatch) {
        lists += 1;
        return json(answer, list('1', lists === 1 ? [pipeline('shop', '1')] : [pipeline('cart', '2')]));
      }
      answer.writeHead(200);
      if (lists === 1) answer.write(text);
      else answer.flushHeaders();
      return answer;
    });
    await eventually(async () => expect(await environmentsOf('cart')).toEqual(['dev']));
    expect(await environmentsOf('shop')).toBeUndefined();
    expect(store.ready()).toBe(true);
  });

  it('is read as it comes, however it is cut into pieces', async () => {
    const bytes = Buffer.from(event('ADDED', pipeline('shop', '2', ['größe', 'prod'])));
    await follow(({ isWatch }, answer) => {
      if (!isWatch) return json(answer, list('1', []));
      answer.writeHead(200);
      for (const byte of bytes) answer.write(Buffer.from([byte]));
      return answer;
    });
    await eventually(async () => expect(await environmentsOf('shop')).toEqual(['größe', 'prod']));
  });

  it('that ends at once, again and again, is not asked for in a rush', async () => {
    const server = await follow(({ isWatch }, answer) =>
      isWatch ? answer.writeHead(200).end() : json(answer, list('1', [])),
    );
    await eventually(() => expect(watches(server).length).toBeGreaterThanOrEqual(3));
    expect(watches(server).length).toBeLessThan(10);
    expect(store.ready()).toBe(true);
  });
});

describe('an invalid Pipeline', () => {
  it('is logged once, and again when its fault is another one', async () => {
    const twice = (resourceVersion: string) => pipeline('shop', resourceVersion, ['dev', 'dev']);
    await follow(({ isWatch }, answer) => {
      if (!isWatch) return json(answer, list('1', [twice('1')]));
      answer.writeHead(200);
      answer.write(event('MODIFIED', twice('2')));
      answer.write(event('MODIFIED', pipeline('shop', '3', [])));
      answer.write(event('ADDED', pipeline('last', '4')));
      return answer;
    });
    await eventually(async () => expect(await environmentsOf('last')).toEqual(['dev']));
    const told = log.map((line) => JSON.parse(line) as { msg: string }).map(({ msg }) => msg);
    expect(told.filter((message) => message.includes('apps/shop'))).toEqual([
      'Left out: Pipeline apps/shop: spec.environments[1].name: is also the name of an earlier environment',
      'Left out: Pipeline apps/shop: spec.environments: must not be empty',
    ]);
  });
});

describe('a Secret', () => {
  const secret = (key: string) =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'webhook', namespace: 'apps' },
      data: { 'hmac-key': Buffer.from(key).toString('base64') },
    });
  const isSecret = (url: URL) => url.pathname === '/api/v1/namespaces/apps/secrets/webhook';

  it('is asked for once by many at the same time, and kept', async () => {
    const server = await follow(({ url }, answer) =>
      json(answer, isSecret(url) ? secret('key') : list('1', [])),
    );
    const ask = () => store.secret('apps', 'webhook');
    const all = [...(await Promise.all([ask(), ask(), ask()])), await ask()];
    expect(all.map((data) => Buffer.from(data!['hmac-key']!).toString())).toEqual(Array(4).fill('key'));
    expect(server.requests.filter(isSecret)).toHaveLength(1);
  });

  it('that could not be read is asked for again', async () => {
    let count = 0;
    await follow(({ url }, answer) => {
      if (!isSecret(url)) return json(answer, list('1', []));
      count += 1;
      return count === 1 ? json(answer, 'oops', 500) : json(answer, secret('key'));
    });
    await expect(store.secret('apps', 'webhook')).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(await store.secret('apps', 'webhook')).toBeDefined();
  });

  it('that is no Secret is refused without telling its content', async () => {
    await follow(({ url }, answer) =>
      json(answer, isSecret(url) ? '{"data":{"hmac-key":"not base64: s3cret"}}' : list('1', [])),
    );
    const failure = (await store.secret('apps', 'webhook').catch((error: unknown) => error)) as Error;
    expect(failure).toMatchObject({ code: 'store-unavailable' });
    expect(JSON.stringify([failure.message, failure.stack, log])).not.toContain('s3cret');
  });

  it.each([
    ['apps', '../../../secrets'],
    ['..', 'webhook'],
    ['apps', 'webhook?watch=true'],
    ['apps', ''],
    ['Apps', 'webhook'],
  ])('%s/%s is never asked for', async (namespace, name) => {
    const server = await follow((_request, answer) => json(answer, list('1', [])));
    expect(await store.secret(namespace, name)).toBeUndefined();
    expect(server.requests.filter(({ pathname }) => pathname.startsWith('/api/'))).toEqual([]);
  });
});

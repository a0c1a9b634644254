/** Server-sent events: who gets which, and that none is lost or told twice. */
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { laneViewOf, waiting } from '../../support/lane-views';
import { eventually } from '../../support/eventually';
import {
  all,
  FakeLanes,
  type RunningOperatorApi,
  startTestOperatorApi,
  tokenOf,
} from '../../support/operator-api-server';

const ref = { namespace: 'pipelines', name: 'my-app' };

let lanes: FakeLanes;
let api: RunningOperatorApi;
const open: AbortController[] = [];

beforeEach(async () => {
  lanes = new FakeLanes();
  api = await startTestOperatorApi({ lanes });
});
afterEach(async () => {
  for (const each of open.splice(0)) each.abort();
  await api.close();
});

interface Listening {
  readonly events: EventSourceMessage[];
  readonly lastId: () => string | undefined;
  readonly ended: Promise<void>;
  stop(): void;
}

async function listen(token = all, lastEventId?: string, query = ''): Promise<Listening> {
  const stopping = new AbortController();
  open.push(stopping);
  const response = await fetch(`${api.url}/api/v1/events${query}`, {
    headers: {
      Authorization: `Bearer ${token}`,
      ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }),
    },
    signal: stopping.signal,
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  const events: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => void events.push(event) });
  const ended = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
    }
  })().catch(() => undefined);
  return {
    events,
    ended,
    // As clients take it: an id without data is forgotten.
    lastId: () => events.at(-1)?.id,
    stop: () => stopping.abort(),
  };
}

let clock = Date.now();
function change(version: string): void {
  clock += 1_000;
  lanes.put(laneViewOf({ pipeline: ref, acting: waiting(version), changedAt: clock }));
}

const versionsOf = ({ events }: Listening): unknown[] =>
  events
    .filter(({ event }) => event === 'environment')
    .map(
      ({ data }) =>
        (JSON.parse(data) as { environment: { acting?: { version: string } } }).environment.acting?.version,
    );

it('tells each change once, and continues after a broken connection', async () => {
  const first = await listen();
  change('1.1.0');
  await eventually(() => versionsOf(first).length === 1);
  const id = first.lastId();
  first.stop();
  await first.ended;
  change('1.2.0');
  await eventually(() => api.model.changes.last > Number(id?.split('-').at(-1)));
  const second = await listen(all, id);
  await eventually(() => versionsOf(second).length === 1);
  change('1.3.0');
  await eventually(() => versionsOf(second).length === 2);
  expect([versionsOf(first), versionsOf(second)]).toEqual([['1.1.0'], ['1.2.0', '1.3.0']]);
});

it('a client that loses its connection before the first event can continue as well', async () => {
  const first = await listen();
  await eventually(() => first.lastId() !== undefined);
  first.stop();
  await first.ended;
  change('1.1.0');
  const second = await listen(all, first.lastId());
  await eventually(() => versionsOf(second).length === 1);
  expect(second.events.map(({ event }) => event)).not.toContain('reset');
});

it('begins with whether workers poll, also where nothing was missed', async () => {
  const first = await listen();
  await eventually(() => first.events.length === 1);
  const second = await listen(all, first.lastId());
  await eventually(() => second.events.length === 1);
  const workers = { id: first.lastId(), event: 'workers' };
  expect([first.events, second.events]).toEqual([
    [expect.objectContaining(workers)],
    [expect.objectContaining(workers)],
  ]);
  expect(JSON.parse(first.events[0]?.data ?? '')).toEqual({
    workers: 'answering',
    workersAt: expect.stringMatching(/^20.+Z$/),
  });
});

it('ends a stream after some time, so that its client is authenticated again', async () => {
  const short = await startTestOperatorApi({ lanes, streamMs: 200 });
  let isValid = true;
  const response = () =>
    fetch(`${short.url}/api/v1/events`, {
      headers: { Authorization: `Bearer ${isValid ? all : 'expired'}` },
    });
  const stream = await response();
  isValid = false;
  expect(await stream.text()).toContain('event: workers');
  expect((await response()).status).toBe(401);
  await short.close();
});

it('clients that leave while they are authenticated take no place', async () => {
  let asked = 0;
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const slow = await startTestOperatorApi({
    lanes,
    access: {
      authenticate: async () => {
        asked += 1;
        await answered;
        return { known: true, caller: { name: 'ada', groups: [], via: 'token' } };
      },
      allows: () => Promise.resolve(true),
    },
  });
  const ask = (signal: AbortSignal) =>
    fetch(`${slow.url}/api/v1/events`, { headers: { Authorization: 'Bearer any' }, signal });
  const leaving = new AbortController();
  const left = Array.from({ length: 10 }, () => ask(leaving.signal).catch(() => undefined));
  await eventually(() => asked === 10);
  leaving.abort();
  await Promise.all(left);
  await eventually(() => slow.log.filter(({ route }) => route === 'events').length === 10);
  answer();
  const staying = new AbortController();
  open.push(staying);
  expect((await ask(staying.signal)).status).toBe(200);
  expect(await slow.registry.metrics()).toContain('windlass_api_event_streams 1');
  await slow.close();
});

it('an id that this server does not know is answered with a reset', async () => {
  const stream = await listen(all, 'elsewhere-7');
  await eventually(() => stream.events.length > 0);
  expect(stream.events[0]).toMatchObject({ event: 'reset', data: '{}' });
});

it('who may not get a Pipeline hears nothing of it', async () => {
  const blind = await listen(tokenOf('ada', ['get'], 'other'));
  const named = await listen(all, undefined, '?namespace=other');
  const seeing = await listen(tokenOf('bob', ['get'], 'pipelines'), undefined, '?pipeline=pipelines/my-app');
  change('1.1.0');
  await eventually(() => versionsOf(seeing).length === 1);
  lanes.polling = false;
  // Everyone hears whether workers poll: what came before it has arrived as well.
  expect([versionsOf(blind), versionsOf(named)]).toEqual([[], []]);
});

it('tells everyone that the freezes have changed, and nothing of them', async () => {
  const stream = await listen(tokenOf('ada', ['get'], 'other'));
  await eventually(() => stream.events.length === 1);
  api.freezes.push({ namespace: 'pipelines', name: 'night', reason: 'No changes at night.' });
  await eventually(() => stream.events.length === 2);
  expect(stream.events[1]).toMatchObject({ event: 'freezes', data: '{}' });
});

it('one caller has a bounded number of streams, and a closed one makes room', async () => {
  const streams = await Promise.all(Array.from({ length: 10 }, () => listen(tokenOf('ada', ['get']))));
  const token = tokenOf('ada', ['get']);
  expect((await api.request('GET', '/events', { token })).status).toBe(429);
  await listen(tokenOf('bob', ['get']));
  streams[0]?.stop();
  await eventually(async () => {
    const stopping = new AbortController();
    const response = await fetch(`${api.url}/api/v1/events`, {
      headers: { Authorization: `Bearer ${token}` },
      signal: stopping.signal,
    });
    stopping.abort();
    return response.status === 200;
  });
});

it('the server stops although streams are open', async () => {
  const stream = await listen();
  await api.close();
  await expect(stream.ended).resolves.toBeUndefined();
  api = await startTestOperatorApi({ lanes });
});

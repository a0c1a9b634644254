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
  let text = '';
  const parser = createParser({ onEvent: (event) => void events.push(event) });
  const ended = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      const part = decoder.decode(chunk as Uint8Array, { stream: true });
      text += part;
      parser.feed(part);
    }
  })().catch(() => undefined);
  return {
    events,
    ended,
    lastId: () => [...text.matchAll(/^id: (.+)$/gm)].at(-1)?.[1],
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

it('one caller has a bounded number of streams, and a closed one makes room', async () => {
  const streams = await Promise.all(Array.from({ length: 10 }, () => listen(tokenOf('ada', ['get']))));
  const token = tokenOf('ada', ['get']);
  expect((await api.request('GET', '/events', { token })).status).toBe(429);
  expect((await listen(tokenOf('bob', ['get']))).events).toEqual([]);
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

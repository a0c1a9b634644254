import * as examples from '../../support/operator-examples';
import { openPlace, type Place } from './home';

let place: Place;
beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.close());

const [, prod] = examples.pipelines.items[0]!.environments;

function event(id: number, name: string, data: unknown): string {
  return `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
const change = (id: number, sentence: string): string =>
  event(id, 'environment', { namespace: 'apps', pipeline: 'shop', environment: { ...prod!, sentence } });
const enough = { problem: 'forbidden', status: 403, detail: 'Enough.' } as const;

describe('windlass watch', () => {
  it('prints a line for each change that is one', async () => {
    place.api.reply(
      'events',
      {
        stream: [
          ': heartbeat\n\n',
          change(1, 'It waits.'),
          change(2, 'It waits.'),
          event(3, 'workers', { workers: 'silent' }),
          event(4, 'reset', {}),
          event(5, 'of-a-newer-server', {}),
          event(6, 'removed', { namespace: 'apps', pipeline: 'old' }),
          change(7, 'It is merged.'),
        ].join(''),
      },
      enough,
    );
    const { out, err, code } = await place.run('watch');
    expect(out.split('\n')).toEqual([
      '2026-11-28T12:00:00Z apps/shop prod waiting-for-approval: It waits.',
      '2026-11-28T12:00:00Z apps/old was removed',
      '2026-11-28T12:00:00Z apps/shop prod waiting-for-approval: It is merged.',
    ]);
    expect(err).toContain('No worker runs');
    expect(err).toContain('Some changes were missed');
    expect(code).toBe(3);
  });

  it('continues where it was after a broken connection, and waits longer each time', async () => {
    place.api.reply('events', { stream: change(41, 'It waits.') }, 'broken', 'broken', enough);
    const { waited, err } = await place.run('watch apps/shop');
    const asked = place.api.requests.map(({ lastEventId, query }) => [lastEventId, query]);
    expect(asked).toEqual([
      [undefined, { pipeline: 'apps/shop' }],
      ['41', { pipeline: 'apps/shop' }],
      ['41', { pipeline: 'apps/shop' }],
      ['41', { pipeline: 'apps/shop' }],
    ]);
    expect(waited).toBe(1_000 + 2_000 + 4_000);
    expect(err).toContain('Connecting again: ');
  });

  it('says nothing of a stream that the server ends to authenticate again, and nothing twice', async () => {
    const silent = event(7, 'workers', { workers: 'silent' });
    place.api.reply('events', { stream: silent }, { stream: silent }, enough);
    const { err } = await place.run('watch');
    expect(place.api.requests.map(({ lastEventId }) => lastEventId)).toEqual([undefined, '7', '7']);
    expect(err.match(/No worker runs/g)).toHaveLength(1);
    expect(err).not.toContain('Connecting again');
  });

  it('prints events as lines of JSON', async () => {
    place.api.reply(
      'events',
      { stream: event(1, 'removed', { namespace: 'apps', pipeline: 'old' }) },
      enough,
    );
    const { out } = await place.run('watch -o json -n apps');
    expect(out).toBe('{"event":"removed","namespace":"apps","pipeline":"old"}');
  });
});

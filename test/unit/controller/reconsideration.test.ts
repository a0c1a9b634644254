import { pino } from 'pino';
import { startReconsideration } from '../../../src/controller/reconsideration';
import { formatPipelineRef, type PipelineRef } from '../../../src/domain/pipeline/pipeline';
import { eventually } from '../../support/eventually';

const shop = { namespace: 'apps', name: 'shop' };
const cart = { namespace: 'apps', name: 'cart' };

it('makes promotions of changed Pipelines look again, also once Temporal is back', async () => {
  let changed: (pipelines: readonly PipelineRef[]) => void = () => undefined;
  let away = true;
  const sent: string[] = [];
  const started = startReconsideration({
    store: {
      subscribe: (listener) => {
        changed = listener;
      },
    },
    commands: {
      reconsider: (pipeline) => {
        sent.push(`${formatPipelineRef(pipeline)}${away ? ' fails' : ''}`);
        return away ? Promise.reject(new Error('Temporal is away')) : Promise.resolve();
      },
    },
    log: pino({ level: 'silent' }),
    retryMs: 1,
  });
  changed([shop]);
  await eventually(() => expect(sent).toContain('apps/shop fails'));
  away = false;
  await eventually(() => expect(sent.at(-1)).toBe('apps/shop'));
  const before = sent.length;
  changed([shop, cart]);
  await eventually(() => expect(sent.slice(before).sort()).toEqual(['apps/cart', 'apps/shop']));
  await started.close();
});

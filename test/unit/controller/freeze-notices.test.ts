import pino from 'pino';
import { startFreezeNotices } from '../../../src/controller/freeze-notices';
import { type FreezeChange } from '../../../src/domain/freezes/freeze-change';
import { eventually } from '../../support/eventually';

it('starts a notice of a freeze, again while Temporal is away, and not once it has', async () => {
  let changed: (change: FreezeChange) => void = () => undefined;
  const started: string[] = [];
  let faults = 2;
  const notices = startFreezeNotices({
    store: {
      subscribeFreezes: (subscriber) => {
        changed = subscriber;
      },
    },
    start: (subject, fact, { message }) => {
      if (faults-- > 0) return Promise.reject(new Error('Temporal is away'));
      started.push(`${subject} ${fact.split('/')[0] ?? ''} ${message}`);
      return Promise.resolve();
    },
    log: pino({ level: 'silent' }),
    retryMs: 1,
  });
  const now = { namespace: 'apps', name: 'sale', reason: 'Sale.' };
  changed({ now: { ...now, suspends: true } });
  changed({ now });
  await eventually(() =>
    expect(started).toEqual([
      'freeze/apps/sale made Frozen: apps/sale: all promotions in apps wait until the freeze is removed. Reason: Sale.',
    ]),
  );
  await notices.close();
  expect(faults).toBe(-1);
});

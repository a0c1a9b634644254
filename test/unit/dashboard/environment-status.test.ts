import { environmentStatus, runsSince } from '../../../dashboard/src/pipeline/environment-status';

type Shown = Parameters<typeof environmentStatus>[0];

const target = { version: '1.3.0', object: 'prod/shop', since: '2026-11-28T12:00:00Z' };
const acting = {
  version: '1.4.0',
  action: 'promote',
  promotion: 'promotion/apps/shop/prod/1.4.0/x',
  from: 'staging',
  since: '2026-11-28T12:00:00Z',
} as const;

const words = (more: Partial<Shown>): string => {
  const status = environmentStatus({
    running: [target],
    version: '1.3.0',
    held: [],
    freezes: [],
    suspended: false,
    ...more,
  });
  return `${status.words} (${status.tone})`;
};

const held = { version: '1.4.0', because: 'rejected', since: '2026-11-28T12:00:00Z' } as const;
const ahead = [{ version: '1.4.0', at: '2026-11-28T12:00:00Z' }];

it.each<[string, Partial<Shown>]>([
  ['Up to date (good)', {}],
  ['Nothing reported yet (idle)', { running: [], version: undefined as never }],
  ['1 version behind (idle)', { ahead }],
  ['1 version held back (idle)', { ahead, held: [held] }],
  ['Frozen (idle)', { ahead, freezes: ['apps/fair'] }],
  ['Suspended (idle)', { freezes: ['apps/fair'], suspended: true }],
  ['Failed (bad)', { suspended: true, failed: { version: '1.4.0' } }],
  ['Needs approval (wait)', { acting: { ...acting, state: 'waiting-for-approval' }, suspended: true }],
  ['Being withdrawn (busy)', { acting: { ...acting, action: 'withdraw' } }],
  ['In progress (busy)', { acting }],
])('says what a person should look at first: %s', (expected, more) => {
  expect(words(more)).toBe(expected);
});

it('targets that differ have no common time', () => {
  const later = { ...target, since: '2026-11-28T13:00:00Z' };
  expect(runsSince({ version: '1.3.0', running: [later, target] })).toBe(later.since);
  expect(runsSince({ running: [later, target] })).toBeUndefined();
  expect(words({ version: undefined as never })).toBe('Targets differ (busy)');
});

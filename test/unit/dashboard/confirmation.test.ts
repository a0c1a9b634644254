import { type Act, type Situation } from '../../../dashboard/src/acts/act';
import { confirmationOf } from '../../../dashboard/src/acts/confirmation-of';
import { type Chosen } from '../../../dashboard/src/acts/confirmations/confirmation';
import { environment, situation } from './situation';

const nothing: Chosen = { version: '', gates: [], environments: [], scope: 'pipeline', until: '' };
const says = (act: Act, seen: Situation = situation(), chosen: Partial<Chosen> = {}) =>
  confirmationOf(act, seen, { ...nothing, ...chosen });

const head = '0123456789abcdef0123456789abcdef01234567';
const soak = { gate: 'soak', says: 'Soak time.' };

it('an approval says what changes, for which commit it counts, what is waited for afterwards, and who is recorded', () => {
  const { title, consequences, reason } = says(
    { kind: 'approve', version: '1.4.0', head },
    situation({ gates: [{ gate: 'approvals', says: '0 of 1 approval.' }, soak] }),
  );
  expect(title).toBe('Approve 1.4.0 for prod');
  expect(consequences).toEqual([
    'prod runs 1.3.0 and gets 1.4.0.',
    'Your approval counts for 1.4.0 in commit 0123456 alone: it is refused if another commit was pushed.',
    'Once there are enough approvals, it still waits for: Soak time. Then pull request #12 is ready to merge.',
    'The record shows oidc:ada, the time and what you write here.',
  ]);
  expect(reason).toMatchObject({ label: 'Comment', required: false });
});

it('without a pull request, Windlass opens one', () => {
  const { acting: _acting, ...idle } = environment;
  const { consequences } = says({ kind: 'approve', version: '1.4.0' }, situation({ environment: idle }));
  expect(consequences).toContain('Once there are enough approvals, Windlass opens a pull request.');
});

it('a rejection says that the version is held, and needs a reason', () => {
  const { consequences, reason, tone } = says({ kind: 'reject', version: '1.4.0' });
  expect(consequences).toContain(
    '1.4.0 is not promoted into prod: it is held until a newer version comes, or someone promotes it.',
  );
  expect(consequences).toContain('Pull request #12 is closed with your reason as a comment.');
  expect([reason?.required, tone]).toEqual([true, 'danger']);
});

it('a rollback says which version takes the place of which, and what is held', () => {
  const act: Act = { kind: 'rollback', choices: [{ version: '1.2.0', note: '' }] };
  const { consequences, button, reason } = says(act, situation(), { version: '1.2.0' });
  expect(consequences[0]).toBe('prod runs 1.3.0 and gets 1.2.0.');
  expect(consequences).toContain('It takes the place of 1.4.0, which is in progress.');
  expect([button, reason?.required]).toEqual(['Roll back to 1.2.0', true]);
});

it('a promotion names the gates that apply, and what it goes before', () => {
  const { consequences } = says({ kind: 'promote', choices: [] }, situation(), { version: '1.5.0' });
  expect(consequences).toEqual([
    'prod runs 1.3.0 and gets 1.5.0.',
    'It is promoted whether or not the environment before runs it. Its gates apply: 1 person approves each version.',
    'It goes before 1.4.0, which is in progress.',
    'The record shows oidc:ada, the time and what you write here.',
  ]);
});

it('opened gates are named, and those that stay closed', () => {
  const act: Act = { kind: 'override', version: '1.4.0', gates: ['approvals', 'soak'] };
  const seen = situation({ gates: [{ gate: 'approvals', says: '0 of 1 approval.' }, soak] });
  expect(says(act, seen).consequences).toContain('Choose the gates to open.');
  const { consequences } = says(act, seen, { gates: ['soak'] });
  expect(consequences).toContain(
    'Soak time: 1.4.0 is promoted without what this gate asks for. They stay as they are for other versions.',
  );
  expect(consequences).toContain(
    'After that, it still waits for: Approvals. Then pull request #12 is ready to merge.',
  );
});

it('a cancellation leaves the pull request open', () => {
  const { consequences } = says({ kind: 'cancel', version: '1.4.0' });
  expect(consequences[0]).toBe('1.4.0 is no longer promoted into prod. prod stays at 1.3.0.');
  expect(consequences).toContain('Pull request #12 stays open: close it, or merge it by hand.');
});

it.each<[string, Situation]>([
  ['Suspend prod of apps/shop', situation()],
  ['Suspend apps/shop', { ...situation(), environment: undefined as never }],
])('a suspension says of what: %s', (title, seen) => {
  expect(says({ kind: 'suspend' }, seen)).toMatchObject({ title, reason: { required: true, longest: 512 } });
});

it('a freeze says what it holds, where and until when', () => {
  const of = (chosen: Partial<Chosen>) => says({ kind: 'freeze' }, situation(), chosen).consequences[0];
  expect(of({})).toMatch(
    /^New versions of apps\/shop are not promoted into any environment until someone ends the freeze\./,
  );
  expect(of({ scope: 'namespace', environments: ['prod'], until: '2026-12-24T18:00' })).toMatch(
    /^New versions of all Pipelines of apps are not promoted into prod until 2026-12-24 18:00\./,
  );
});

it('an environment whose targets differ is described as it is', () => {
  const { version: _version, ...mixed } = environment;
  const running = [...mixed.running, { version: '1.2.0', object: 'prod-b/shop', since: '' }];
  const seen = situation({ environment: { ...mixed, running } });
  expect(says({ kind: 'approve', version: '1.4.0' }, seen).consequences[0]).toBe(
    'prod runs 1.3.0 and 1.2.0, and gets 1.4.0.',
  );
  const unknown = situation({ environment: { ...mixed, running: [] } });
  expect(says({ kind: 'approve', version: '1.4.0' }, unknown).consequences[0]).toBe(
    'prod gets 1.4.0. It has not reported what it runs.',
  );
});

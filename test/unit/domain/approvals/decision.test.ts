import { readDecision } from '../../../../src/domain/approvals/decision';
import { notFromTheApi } from '../../../../src/domain/approvals/vouched';

const alice = { version: '1.4.0', by: 'alice' };

it.each([
  [alice, { ...alice, groups: [] }],
  [
    { ...alice, by: '  alice ' },
    { ...alice, groups: [] },
  ],
  [
    { ...alice, by: 'alice@example.com', groups: [' ops', 'Team Ä'] },
    { ...alice, by: 'alice@example.com', groups: ['ops', 'Team Ä'] },
  ],
  [
    { ...alice, comment: ' Not\nbefore\u202e the\u0000 fair. ' },
    { ...alice, groups: [], comment: 'Not before  the  fair.' },
  ],
  [
    { ...alice, comment: ' \n ' },
    { ...alice, groups: [] },
  ],
  [
    { ...alice, via: 'oidc', capability: 'x.y', from: '2001:db8::1', key: '0'.repeat(32) },
    { ...alice, groups: [], via: 'oidc', capability: 'x.y', from: '2001:db8::1', key: '0'.repeat(32) },
  ],
])('reads %j as %j', (input, decision) => {
  expect(readDecision(input)).toEqual({ ok: true, decision });
});

const by = '"by" must name the person, in 1 to 253 visible characters.';
it.each<readonly [unknown, string]>([
  [undefined, '"version" is missing: name the version that waits.'],
  ['1.4.0', '"version" is missing: name the version that waits.'],
  [null, '"version" is missing: name the version that waits.'],
  [{ by: 'alice' }, '"version" is missing: name the version that waits.'],
  [{ version: 1.4, by: 'alice' }, '"version" is missing: name the version that waits.'],
  [{ version: '1.4.0' }, by],
  [{ ...alice, by: '' }, by],
  [{ ...alice, by: ' \t ' }, by],
  [{ ...alice, by: 7 }, by],
  [{ ...alice, by: 'ali\u200bce' }, by],
  [{ ...alice, by: 'ali\nce' }, by],
  [{ ...alice, by: 'a'.repeat(254) }, by],
  [{ ...alice, groups: 'ops' }, '"groups" must be a list of up to 200 names.'],
  [{ ...alice, groups: [''] }, '"groups" must be a list of up to 200 names.'],
  [{ ...alice, groups: Array(201).fill('ops') }, '"groups" must be a list of up to 200 names.'],
  [{ ...alice, comment: 7 }, '"comment" must be a text of up to 1000 characters.'],
  [{ ...alice, comment: 'a'.repeat(1001) }, '"comment" must be a text of up to 1000 characters.'],
  [{ ...alice, group: 'ops' }, '"group" is not a field: use version, by, groups, comment.'],
  [{ ...alice, from: 'a b' }, notFromTheApi],
  [{ ...alice, from: 'a'.repeat(101) }, notFromTheApi],
  [{ ...alice, key: 'x' }, notFromTheApi],
])('refuses %j: %s', (input, fault) => {
  expect(readDecision(input)).toEqual({ ok: false, fault });
});

import { readAct, readNotOnward } from '../../../../src/domain/lane/read-act';
import { alice, keyNumber } from '../../../support/acting-lane';
import { noon } from '../../../support/events';

const act = { kind: 'promote', version: '1.2.0', actor: alice, at: noon, key: keyNumber(1) } as const;
const read = (overrides: Readonly<Record<string, unknown>>) => readAct({ ...act, ...overrides }, noon);

it('an act is read as it was sent', () => {
  const full = { ...act, reason: 'It is slow.', capability: 'wl1.k.p.m', source: 'dev', next: 'prod' };
  expect(readAct(full, noon)).toEqual({ ok: true, act: full });
  expect(read({ reason: ' two\nlines ' })).toMatchObject({ act: { reason: 'two lines' } });
});

it('a retry is of whichever version failed last', () => {
  const { version, ...rest } = act;
  expect(readAct({ ...rest, kind: 'retry' }, noon)).toMatchObject({ ok: true });
});

it.each<[what: string, overrides: Readonly<Record<string, unknown>>, field: RegExp]>([
  ['an unknown field', { force: true }, /^"force" is not a field: use kind, version,/],
  ['another kind', { kind: 'deploy' }, /^"kind" must be one of promote, rollback, retry, cancel\.$/],
  ['a kind that every object has', { kind: 'constructor' }, /^"kind"/],
  ['no version', { version: undefined }, /^"version" is missing/],
  ['a version with a space', { version: '1.2.0 x' }, /^"version"/],
  ['an endless version', { version: '1'.repeat(257) }, /^"version"/],
  ['a name only', { actor: 'alice' }, /^"actor"/],
  ['no actor', { actor: undefined }, /^"actor"/],
  ['a name that nothing vouches for', { actor: { name: 'alice' } }, /^"actor"/],
  ['an unknown authenticator', { actor: { ...alice, via: 'word' } }, /^"actor"/],
  ['more of a person than there is', { actor: { ...alice, admin: true } }, /^"actor"/],
  ['an invisible name', { actor: { ...alice, name: 'a\u200bb' } }, /^"actor"/],
  [
    'a thousand groups',
    { actor: { ...alice, groups: Array.from({ length: 1_000 }, () => 'g') } },
    /^"actor"/,
  ],
  ['an address with a line break', { actor: { ...alice, from: '::1\n' } }, /^"actor"/],
  ['a time ahead of any clock', { at: noon + 3_600_000 }, /^"at"/],
  ['a time that is a text', { at: '2026' }, /^"at"/],
  ['a time before all', { at: -1 }, /^"at"/],
  ['another key', { key: 'K'.repeat(32) }, /^"key"/],
  ['no key', { key: undefined }, /^"key"/],
  ['an endless reason', { reason: 'x'.repeat(1_001) }, /^"reason"/],
  ['an endless token', { capability: 'x'.repeat(40_000) }, /^"capability"/],
  ['a token that is none', { capability: {} }, /^"capability"/],
  ['an environment with a line break', { next: 'prod\n' }, /^"next"/],
  ['an endless environment', { source: 'd'.repeat(300) }, /^"source"/],
])('an act with %s is refused, and the field is named', (_, overrides, field) => {
  const reading = read(overrides);
  expect(reading.ok ? 'accepted' : reading.fault).toMatch(field);
});

it.each([undefined, null, 'promote', 7, []])('what is not an act is refused: %j', (input) => {
  expect(readAct(input, noon).ok).toBe(false);
});

it('a rollback of the source is read with its bounds', () => {
  expect(readNotOnward({ version: '1.2.0', at: noon }, noon)).toEqual({ version: '1.2.0', at: noon });
  for (const input of [
    undefined,
    'x',
    { at: noon },
    { version: '', at: noon },
    { version: '1.2.0', at: Infinity },
  ]) {
    expect(readNotOnward(input, noon)).toBeUndefined();
  }
});

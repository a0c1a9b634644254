import { type Act } from '../../../dashboard/src/acts/act';
import {
  actsOnEnvironment,
  actsOnFreeze,
  actsOnPipeline,
  actsOnPromotion,
  isApprovalInVain,
} from '../../../dashboard/src/acts/offered-acts';
import { type EnvironmentDetails, type Verb } from '../../../dashboard/src/api/answers';
import { environment } from './situation';

const person = (...verbs: Verb[]) => ({ name: 'oidc:ada', may: (verb: Verb) => verbs.includes(verb) });
const all = person('get', 'promote', 'approve', 'rollback', 'freeze', 'break-glass');
const kinds = (acts: readonly Act[]): string[] => acts.map(({ kind }) => kind);
const shown = { version: '1.4.0', action: 'promote' } as const;
const approvals = { gate: 'approvals', says: '0 of 1 approval.' };
const soak = { gate: 'soak', says: 'Soak time.' };
const suspend = { gate: 'suspend', says: 'Suspended.' };

it('offers to decide only while people are waited for, and only to who may', () => {
  expect(kinds(actsOnPromotion(shown, [approvals], all))).toEqual([
    'approve',
    'reject',
    'override',
    'cancel',
  ]);
  expect(kinds(actsOnPromotion(shown, [approvals], person('get', 'approve')))).toEqual(['approve', 'reject']);
  expect(kinds(actsOnPromotion(shown, [soak], all))).toEqual(['override', 'cancel']);
  expect(kinds(actsOnPromotion(shown, [suspend], all))).toEqual(['cancel']);
  expect(actsOnPromotion(shown, [approvals, soak], person('get'))).toEqual([]);
});

it('sends along the commit that was looked at', () => {
  const head = 'a'.repeat(40);
  expect(actsOnPromotion({ ...shown, head }, [approvals], person('approve'))).toEqual([
    { kind: 'approve', version: '1.4.0', head },
    { kind: 'reject', version: '1.4.0', head },
  ]);
});

it.each([['oidc:ada'], ['ada']])('does not ask %s to approve in vain, but lets them reject', (name) => {
  const closed = [{ ...approvals, excluded: [name] }];
  expect(kinds(actsOnPromotion(shown, closed, person('approve')))).toEqual(['reject']);
  expect(isApprovalInVain(closed, person('approve'))).toBe(true);
  expect(isApprovalInVain(closed, person('get'))).toBe(false);
});

it('a gate that excludes no one lets everyone approve', () => {
  const closed = [
    { ...approvals, excluded: ['ada'] },
    { gate: 'manual', says: 'Approval.' },
  ];
  expect(kinds(actsOnPromotion(shown, closed, person('approve')))).toContain('approve');
});

it('knows the gates by the state where the promotion does not name them', () => {
  const closed = [{ gate: 'waiting-for-approval', says: 'prod waits for 1.4.0' }];
  expect(actsOnPromotion(shown, closed, all)).toContainEqual({
    kind: 'override',
    version: '1.4.0',
    gates: ['manual', 'approvals'],
  });
});

it('a withdrawal can only be cancelled', () => {
  expect(kinds(actsOnPromotion({ ...shown, action: 'withdraw' }, [approvals], all))).toEqual(['cancel']);
});

it('offers what makes sense in the environment', () => {
  const of = (more: Partial<EnvironmentDetails>) =>
    kinds(actsOnEnvironment({ valid: true }, { ...environment, ...more }, all));
  expect(of({ ran: [] })).toEqual(['promote', 'suspend']);
  expect(of({ suspended: true })).toEqual(['promote', 'rollback', 'resume']);
  const { acting: _acting, ...idle } = environment;
  const failed = { ...idle, failed: { version: '1.4.0' } };
  expect(kinds(actsOnEnvironment({ valid: true }, failed, all))[0]).toBe('retry');
  expect(of({ strategy: 'none' })).toEqual([]);
  expect(actsOnEnvironment({ valid: false }, environment, all)).toEqual([]);
});

it('each act needs its own permission', () => {
  const of = (...verbs: Verb[]) => kinds(actsOnEnvironment({ valid: true }, environment, person(...verbs)));
  expect(of('get', 'approve', 'break-glass')).toEqual([]);
  expect(of('promote')).toEqual(['promote']);
  expect(of('rollback')).toEqual(['rollback']);
  expect(of('freeze')).toEqual(['suspend']);
});

it('offers each version once, and none that is promoted already', () => {
  const at = '2026-11-28T12:00:00Z';
  const offered = actsOnEnvironment(
    { valid: true },
    {
      ...environment,
      held: [{ version: '1.3.9', because: 'rejected', since: at }],
      queued: ['1.5.0'],
      ahead: ['1.6.0', '1.5.0', '1.4.0', '1.3.9'].map((version) => ({ version, at })),
    },
    person('promote'),
  );
  const [promote] = offered;
  expect(promote?.kind === 'promote' ? promote.choices.map(({ version }) => version) : []).toEqual([
    '1.3.9',
    '1.6.0',
  ]);
});

it('suspends or resumes the whole Pipeline, and freezes its namespace', () => {
  expect(kinds(actsOnPipeline({ valid: true, suspended: false }, all, true))).toEqual(['suspend', 'freeze']);
  expect(kinds(actsOnPipeline({ valid: true, suspended: true }, all, false))).toEqual(['resume']);
  expect(actsOnPipeline({ valid: true, suspended: true }, person('get'), false)).toEqual([]);
});

it('ends only freezes that the API has made', () => {
  const freeze = {
    namespace: 'apps',
    name: 'fair',
    reason: 'Fair',
    inForce: true,
    allNamespaces: false,
    ours: true,
  };
  expect(kinds(actsOnFreeze(freeze, true))).toEqual(['unfreeze']);
  expect(actsOnFreeze(freeze, false)).toEqual([]);
  expect(actsOnFreeze({ ...freeze, ours: false }, true)).toEqual([]);
});

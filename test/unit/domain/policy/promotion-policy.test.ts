import {
  matchesPattern,
  type PolicyRule,
  type PolicySubject,
  rulesFor,
} from '../../../../src/domain/policy/promotion-policy';

it.each<readonly [name: string, pattern: string, matches: boolean]>([
  ['prod', 'prod', true],
  ['prod', 'Prod', false],
  ['prod', 'pro', false],
  ['prod', '*', true],
  ['', '*', true],
  ['prod-eu', 'prod-*', true],
  ['prod-', 'prod-*', true],
  ['prod', 'prod-*', false],
  ['eu-prod', '*-prod', true],
  ['eu-prod-1', '*-prod', false],
  ['shop-eu-prod', 'shop-*-prod', true],
  ['shop-prod', 'shop-*-prod', false],
  ['aba', 'ab*ba', false],
  ['ab', 'a*b*b', false],
  ['a-b-c-d', 'a*c*d', true],
  ['a-c-b-d', 'a*b*c*d', false],
  ['team.a', 'team?a', false],
  ['a', '**', true],
])('%s matches %s: %s', (name, pattern, matches) => {
  expect(matchesPattern(name, pattern)).toBe(matches);
});

it('compares a hostile name with many stars in one pass', () => {
  expect(matchesPattern('a'.repeat(253), `${'a*'.repeat(100)}b`)).toBe(false);
});

const prod: PolicySubject = {
  namespace: 'payments',
  environment: { name: 'prod-eu', labels: { tier: 'production', region: 'eu' } },
};

it.each<readonly [selectors: Omit<PolicyRule, 'name' | 'gates'>, applies: boolean]>([
  [{}, true],
  [{ namespaces: ['payments'] }, true],
  [{ namespaces: ['shop'] }, false],
  [{ namespaces: ['shop', 'pay*'] }, true],
  [{ environments: ['prod-*'] }, true],
  [{ environments: ['prod'] }, false],
  [{ environmentLabels: { tier: 'production' } }, true],
  [{ environmentLabels: { tier: 'production', region: 'us' } }, false],
  [{ environmentLabels: { team: 'a' } }, false],
  [{ namespaces: ['payments'], environments: ['prod'] }, false],
  [{ namespaces: ['payments'], environments: ['prod-eu'], environmentLabels: { tier: 'test' } }, false],
])('a rule with %j applies to prod-eu in payments: %s', (selectors, applies) => {
  const rule: PolicyRule = { name: 'rule', gates: { soakMs: 60_000 }, ...selectors };
  expect(rulesFor({ rules: [rule] }, prod)).toEqual(applies ? [rule] : []);
});

it('all rules that select an environment apply, and one with labels to none without them', () => {
  const rules: PolicyRule[] = [
    { name: 'all', gates: { soakMs: 60_000 } },
    { name: 'labels', environmentLabels: { tier: 'production' }, gates: { promoteOn: 'tested' } },
    { name: 'payments', namespaces: ['payments'], gates: { approvals: { required: 2 } } },
  ];
  const names = (subject: PolicySubject) => rulesFor({ rules }, subject).map(({ name }) => name);
  expect(names(prod)).toEqual(['all', 'labels', 'payments']);
  expect(names({ namespace: 'payments', environment: { name: 'prod' } })).toEqual(['all', 'payments']);
});

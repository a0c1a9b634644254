import { type Caller } from '../../../src/access/access';
import { readAccessPolicy } from '../../../src/access/policy/access-policy-schema';
import { policyAuthorizer } from '../../../src/access/policy/policy-authorizer';
import { type Place, type Verb, verbs } from '../../../src/domain/people/rights';

const head = 'apiVersion: pipelines.weave.works/v1alpha1\nkind: AccessPolicy\n';
const policy = `${head}rules:
  - subjects: [{ group: 'oidc:everyone' }]
    namespaces: ['*']
    verbs: [get]
  - subjects: [{ group: 'oidc:shop' }, { user: 'token:ci' }]
    namespaces: [shop, shop-test]
    verbs: [promote, approve]
  - subjects: [{ user: 'oidc:alice' }]
    namespaces: ['*']
    verbs: [break-glass]
`;

function authorizer(text = policy) {
  const { value, faults } = readAccessPolicy(text, 'access.yaml');
  if (value === undefined) throw new Error(JSON.stringify(faults));
  return policyAuthorizer(() => value);
}

const caller = (name: string, ...groups: string[]): Caller => ({ name, groups, via: 'oidc' });
const alice = caller('oidc:alice', 'oidc:everyone');
const bob = caller('oidc:bob', 'oidc:everyone', 'oidc:shop');
const ci = caller('token:ci');

/** The verbs that a caller may use there. */
async function allowed(who: Caller, place: Place): Promise<string[]> {
  const all = Object.keys(verbs) as Verb[];
  const answers = await Promise.all(all.map((verb) => authorizer().allows(who, verb, place)));
  return all.filter((_, index) => answers[index]);
}

it.each<readonly [who: Caller, place: Place, allowed: string[]]>([
  [alice, {}, ['get', 'break-glass']],
  [alice, { namespace: 'shop' }, ['get', 'break-glass']],
  [bob, {}, ['get']],
  [bob, { namespace: 'shop' }, ['get', 'promote', 'approve']],
  [bob, { namespace: 'shop', name: 'cart' }, ['get', 'promote', 'approve']],
  [bob, { namespace: 'shops' }, ['get']],
  [ci, { namespace: 'shop-test' }, ['promote', 'approve']],
  [ci, {}, []],
  [caller('oidc:carol'), { namespace: 'shop' }, []],
  // Neither a user with the name of a group, nor a name without its prefix.
  [caller('oidc:shop'), { namespace: 'shop' }, []],
  [caller('alice', 'everyone', 'shop'), { namespace: 'shop' }, []],
  [caller('oidc:ALICE'), { namespace: 'shop' }, []],
])('what no rule allows is refused: %j at %j', async (who, place, expected) => {
  expect(await allowed(who, place)).toEqual(expected);
});

it('an empty policy allows nothing', async () => {
  expect(await authorizer(`${head}rules: []\n`).allows(alice, 'get', {})).toBe(false);
});

const rule = (changes: string) =>
  `${head}rules:\n  - { subjects: [{ user: a }], namespaces: [a], verbs: [get] }\n  - { ${changes} }\n`;

it.each([
  ['subjects: [{ user: a }], namespaces: [a]', 'rules[1].verbs: is required'],
  [
    'subjects: [{ user: a }], namespaces: [a], verbs: [aprove]',
    'rules[1].verbs[0]: must be one of get, promote',
  ],
  ["subjects: [{ user: a }], namespaces: [a], verbs: ['*']", 'rules[1].verbs[0]: must be one of'],
  ['subjects: [{ user: a }], namespaces: [], verbs: [get]', 'rules[1].namespaces: must not be empty'],
  [
    "subjects: [{ user: a }], namespaces: ['shop-*'], verbs: [get]",
    'rules[1].namespaces[0]: must be a namespace',
  ],
  [
    'subjects: [a], namespaces: [a], verbs: [get]',
    'rules[1].subjects[0]: must be {user: NAME} or {group: NAME}',
  ],
  ['subjects: [{ users: a }], namespaces: [a], verbs: [get]', 'rules[1].subjects[0]: must be {user: NAME}'],
  ['subjects: [{ user: a, group: b }], namespaces: [a], verbs: [get]', 'rules[1].subjects[0]: must be'],
  ['subjects: [{ user: a }], namespaces: [a], verbs: [get], deny: true', 'rules[1].deny: unknown field'],
])('an error names rule and field: %s', (changes, fault) => {
  const { value, faults } = readAccessPolicy(rule(changes), 'access.yaml');
  expect(value).toBeUndefined();
  expect(faults).toContainEqual(expect.objectContaining({ line: 5 }));
  expect(faults.map(({ path, reason }) => `${path}: ${reason}`)).toContainEqual(
    expect.stringContaining(fault),
  );
});

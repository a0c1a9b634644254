import { closedGates } from '../../../../src/domain/gates/evaluate';
import { type GateFacts } from '../../../../src/domain/gates/gate';
import { type GatePolicies } from '../../../../src/domain/gates/registry';
import { type Suspension } from '../../../../src/domain/gates/suspend';
import { markdown, plainSentence } from '../../../../src/domain/rich-text';
import { noon } from '../../../support/events';

const suspension: Suspension = {
  name: 'apps/windlass-0123456789ab',
  reason: 'The database @all is moved.',
  author: 'oidc:alice',
  pipeline: 'apps/shop',
};
const facts = (now = noon, action: 'promote' | 'withdraw' = 'promote'): GateFacts => ({
  task: { action, version: '1.4.0', from: 'staging', to: 'prod', event: { at: noon } },
  workflowId: 'promotion/apps/shop/prod/1.4.0/abc',
  approved: false,
  approvals: [],
  now,
});
const closed = (policies: Omit<GatePolicies, 'manual'>, given = facts()) =>
  closedGates(given, { manual: false, ...policies });
const sentence = (policies: Omit<GatePolicies, 'manual'>) =>
  plainSentence({ said: closed(policies)[0]?.next ?? [] });

it.each<readonly [string, Omit<GatePolicies, 'manual'>, GateFacts, unknown[]]>([
  ['nothing', {}, facts(), []],
  ['the manifest', { suspended: true }, facts(), ['pipeline']],
  ['a person', { suspension }, facts(), ['pipeline']],
  ['a person, and holds a withdrawal', { suspension }, facts(noon, 'withdraw'), ['pipeline']],
  ['a person for a time', { suspension: { ...suspension, until: noon + 1 } }, facts(), [{ at: noon + 1 }]],
  ['a person until now', { suspension: { ...suspension, until: noon } }, facts(), []],
  ['both', { suspended: true, suspension: { ...suspension, until: noon + 1 } }, facts(), ['pipeline']],
])('is suspended by %s', (_, policies, given, until) => {
  const gates = closed(policies, given);
  expect(gates.map((gate) => gate.until)).toEqual(until);
  for (const gate of gates) expect(gate).toMatchObject({ shownAs: 'suspended', brief: 'suspended' });
});

it('says by whom, why, and how to resume', () => {
  expect(sentence({ suspension })).toBe(
    'The database @all is moved (oidc:alice). To continue, run windlass resume apps/shop.',
  );
  expect(sentence({ suspension: { ...suspension, environment: 'prod', until: noon } })).toBe('');
  expect(sentence({ suspension: { ...suspension, environment: 'prod', until: noon + 60_000 } })).toBe(
    'The database @all is moved (oidc:alice). It ends 2026-11-23 12:01 UTC. To continue now, run windlass resume apps/shop --environment prod.',
  );
  expect(sentence({ suspended: true, suspension })).toBe(
    'It continues when suspend is removed from the Pipeline or its environment prod. ' +
      'It is suspended by the API as well: The database @all is moved (oidc:alice). To continue, run windlass resume apps/shop.',
  );
});

it.each([
  ['prod-eu', 'prod-eu'],
  ['prod eu', "'prod eu'"],
  ["$(rm) 'x'", "'$(rm) '\\''x'\\'''"],
])('is resumed in %s by a command that a shell reads like that', (environment, word) => {
  expect(sentence({ suspension: { ...suspension, environment } })).toContain(
    `run windlass resume apps/shop --environment ${word}.`,
  );
});

it('notifies no one in a comment, whatever the reason says', () => {
  expect(markdown(closed({ suspension })[0]?.next ?? [])).toContain(
    '`The database @all is moved` (`oidc:alice`)',
  );
});

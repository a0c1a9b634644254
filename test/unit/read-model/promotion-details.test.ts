import { promotionDetails, type PromotionSources } from '../../../src/read-model/promotion-details';
import { readShownGates } from '../../../src/read-model/shown-gates-schema';
import { type PromotionTask } from '../../../src/domain/promotion/promotion';
import { deployment, noon } from '../../support/events';
import { laneViewOf, waiting } from '../../support/lane-views';

const event = deployment({ version: '1.4.0', environment: 'staging' });
const task: PromotionTask = {
  action: 'promote',
  pipeline: { namespace: 'apps', name: 'shop' },
  version: '1.4.0',
  from: 'staging',
  to: 'prod',
  event,
};
const acting = { ...waiting('1.4.0'), identity: event.identity };

function sources(more: Partial<PromotionSources>, promotion: Partial<PromotionSources['promotion']> = {}) {
  const history = { steps: [], attempts: [], decisions: [] };
  const its = { workflowId: 'promotion/x', task, state: 'frozen', ended: false, startedAt: noon, history };
  return {
    promotion: { ...its, ...promotion },
    lane: laneViewOf({ acting }),
    records: [],
    gates: undefined,
    freshness: { asOf: new Date(noon).toISOString(), workers: 'answering' },
    page: undefined,
    ...more,
  } satisfies PromotionSources;
}

const gates = [
  { gate: 'freeze', says: 'Frozen until then. The fair.', until: noon + 1 },
  { gate: 'approvals', says: '0 of 1 approval.', excluded: ['token:rob'] },
];

describe('the closed gates', () => {
  it('are those that the promotion names, one by one', () => {
    expect(promotionDetails(sources({ gates })).gates).toEqual([
      { ...gates[0], until: '2026-11-23T12:00:00.001Z' },
      gates[1],
    ]);
    expect(promotionDetails(sources({ gates: [] })).gates).toEqual([]);
  });

  it('are one, with the sentence of the lane, where the promotion does not answer', () => {
    expect(promotionDetails(sources({})).gates).toEqual([
      { gate: 'waiting-for-approval', says: 'prod waits for 1.4.0: 0 of 1 approval' },
    ]);
  });

  it('are none of a promotion that has ended', () => {
    expect(promotionDetails(sources({ gates }, { ended: true })).gates).toEqual([]);
  });

  it.each([[null], ['x'], [[{ gate: 'freeze' }]], [[{ gate: 'freeze', says: 'x', until: 'tomorrow' }]]])(
    'are not read from an answer such as %j',
    (answer) => {
      expect(readShownGates(answer)).toBeUndefined();
    },
  );

  it('are read from an answer with more fields, of a newer worker', () => {
    expect(readShownGates([{ ...gates[0], since: 1 }])).toEqual([gates[0]]);
  });
});

describe('the sentence', () => {
  const sentenceOf = (...given: Parameters<typeof sources>) => promotionDetails(sources(...given)).sentence;

  it('is what the promotion waits for, or else what its lane says of it', () => {
    expect(sentenceOf({})).toBe('prod waits for 1.4.0: 0 of 1 approval');
    const { waits: _waits, ...merging } = acting;
    const lane = laneViewOf({ acting: merging, sentence: 'prod waits for the merge of 1.4.0' });
    expect(sentenceOf({ lane })).toBe('prod waits for the merge of 1.4.0');
    const { version, identity } = acting;
    const settling = { version, identity, stage: 'merged' as const, at: noon };
    const settled = laneViewOf({ settling, sentence: 'prod waits for its report of 1.4.0' });
    expect(sentenceOf({ lane: settled })).toBe('prod waits for its report of 1.4.0');
  });

  it('is not that of another promotion', () => {
    expect(sentenceOf({ lane: laneViewOf({ acting: waiting('1.5.0') }) })).toBeUndefined();
  });

  it('says that an operator cancelled it', () => {
    expect(sentenceOf({}, { state: 'cancelled', ended: true })).toContain(
      'An operator cancelled the promotion of 1.4.0 into prod.',
    );
  });
});

describe('the tests of the environment', () => {
  const history = { steps: [{ state: 'deployed', at: noon }], attempts: [], decisions: [] };
  const lastStep = (...given: Parameters<typeof sources>) =>
    promotionDetails(sources(...given)).timeline.at(-1);

  it.each([
    ['passed', 'verified'],
    ['failed', 'tests-failed'],
  ] as const)('that %s are the step %s after the deployment', (outcome, step) => {
    const at = noon + 60_000;
    expect(lastStep({ tests: { outcome, at } }, { ended: true, history })).toEqual({
      step,
      at: new Date(at).toISOString(),
      detail: 'Helm tests in prod',
    });
  });

  it('say nothing of a promotion that was not deployed', () => {
    expect(lastStep({ tests: { outcome: 'passed', at: noon } }, { ended: true })?.step).toBe('reported');
  });
});

import { type Pipeline } from '../../../src/domain/pipeline/pipeline';
import { type PromotionProgress, type PromotionTask } from '../../../src/domain/promotion/promotion';
import { conditionsOf } from '../../../src/controller/reconciler/conditions';
import { environmentStatus } from '../../../src/controller/progress/environment-status';
import { type FaultReason, pipelineFaults, type SecretLook } from '../../../src/resources/pipeline-faults';
import { describeProgress } from '../../../src/controller/progress/describe-progress';
import { promotionStates } from '../../../src/domain/promotion/states';
import { deployment, noon } from '../../support/events';
import { samplePipeline } from '../../support/sample-pipeline';
import { page, tableBelow } from './pages';

const status = page('docs/kubernetes/status.md');

const complete: SecretLook = { data: { 'hmac-key': Buffer.from('key') } };
const lack = () => undefined;
const conditions = (look: SecretLook, pipeline: Pipeline | undefined = samplePipeline) =>
  conditionsOf(
    pipeline,
    pipelineFaults({ value: pipeline, faults: [], warnings: [] }, new Map([['webhook', look]])),
    { generation: 1, found: [], unenforced: ['prod'], lack, now: noon },
  ).map(({ type, status: value, reason }) => [type, value, reason].join(' '));

it('the table of conditions holds every condition with every reason, and nothing else', () => {
  const [dev, ...others] = samplePipeline.environments;
  const unready: Record<FaultReason, string[]> = {
    InvalidSpec: conditions(complete, {
      ...samplePipeline,
      environments: [{ ...dev!, targets: [] }, ...others],
    }),
    SecretNotFound: conditions('missing'),
    SecretIncomplete: conditions({ data: {} }),
    SecretForbidden: conditions({ forbidden: 'Grant the permission to get Secrets.' }),
  };
  const written = new Set([...conditions(complete), ...Object.values(unready).flat()]);
  for (const reason of Object.keys(unready)) expect(written).toContain(`Ready False ${reason}`);
  const documented = tableBelow(status, 'Conditions').map((cells) => cells.slice(0, 3).join(' '));
  expect([...documented].sort()).toEqual([...written].sort());
});

const task: PromotionTask = {
  action: 'promote',
  pipeline: samplePipeline,
  from: 'dev',
  to: 'staging',
  version: '1.2.3',
  event: deployment({ version: '1.2.3' }),
};
const progress = (state: PromotionProgress['state']): PromotionProgress => ({
  state,
  message: 'As the workflow says.',
  code: 'no-marker',
  url: 'https://git.example.com/pulls/7',
  workflowId: 'promotion/apps/shop/staging/1.2.3/abc',
  startedAt: noon,
  at: noon,
  times: { approvedAt: noon, proposedAt: noon, mergedAt: noon, deployedAt: noon },
  enforced: true,
});

it("the table of Events holds every state of a promotion with its Event's reason, type and meaning, and nothing else", () => {
  const documented = tableBelow(status, 'Promotions: states and Events').map((cells) => cells.slice(0, 4));
  const expected = Object.entries(promotionStates).flatMap(([state, { meaning, ...told }]) =>
    'event' in told ? [[state, told.event.reason, told.event.type, meaning.replaceAll('`', '')]] : [],
  );
  expect(documented).toEqual(expected);
});

it("the table of an environment's status holds every field that is written, and nothing else", () => {
  const written = (['waiting-for-approval', 'failed'] as const).flatMap((state) => {
    const told = progress(state);
    const fields = environmentStatus(task, told, describeProgress(task, told)!);
    return Object.entries(fields).flatMap(([part, values]) =>
      Object.keys(values as object).map((field) => `${part}.${field}`),
    );
  });
  const documented = tableBelow(status, 'The environments').map(([field]) => field);
  expect([...documented].sort()).toEqual([...new Set(written)].sort());
});

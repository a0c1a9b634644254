/** What began before there was a key. */
import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { type Client } from '@temporalio/client';
import { createAuthority } from '../../../src/activities/authority';
import { unsignedUntil } from '../../../src/domain/capability/unsigned-grace';
import { emptyLane, type LaneState, type LaneTask } from '../../../src/domain/lane/lane-state';
import { warnOfUnsigned } from '../../../src/program/composition/open-capabilities';
import { promotionId } from '../../../src/workflows/contract/ids';
import { capabilitiesWith, testKey } from '../../support/capability';
import { noon, pipelineRef, promotionTask } from '../../support/events';
import { memoryStore } from '../../support/memory-store';

const day = 24 * 3_600_000;
const task = promotionTask(2);
const workflowId = promotionId(pipelineRef, task.to, task.version, task.event.identity);
/** A key since noon. */
const capabilities = capabilitiesWith([testKey('a')], noon);

beforeEach(() => jest.useFakeTimers({ now: noon + day }));
afterEach(() => jest.useRealTimers());

/** An attempt without a token, of a promotion that began then. */
function act(beganAt: number, lane: Partial<LaneState> = { inHand: task as LaneTask }) {
  const warnings: string[] = [];
  const handle = {
    describe: () => Promise.resolve({ startTime: new Date(beganAt), raw: {} }),
    query: () => Promise.resolve({ ...emptyLane(pipelineRef, task.to), ...lane }),
  };
  const client = {
    connection: { withDeadline: (_: number, call: () => Promise<unknown>) => call() },
    workflow: { getHandle: () => handle },
  } as unknown as Client;
  const authority = createAuthority({
    capabilities,
    store: memoryStore([]),
    client,
    log: { warn: (_: object, message: string) => warnings.push(message) } as never,
  });
  const context = { info: { workflowExecution: { workflowId, runId: 'run' } } } as unknown as Context;
  const run = (what: () => Promise<void>): Promise<void> => asyncLocalStorage.run(context, what);
  return {
    warnings,
    require: () => run(() => authority.require(task)),
    part: () => run(() => authority.requireParting(task, { by: 'alice' })),
  };
}

it('may act without a token, and the log says so', async () => {
  const { require, part, warnings } = act(noon - 1);
  await expect(require()).resolves.toBeUndefined();
  await expect(part()).resolves.toBeUndefined();
  const warning = '1.1.0 may act in staging without capabilities: it began before the key';
  expect(warnings).toEqual([warning, warning]);
});

it('may not 30 days later, nor may what began with the key', async () => {
  const later = act(noon);
  await expect(later.require()).rejects.toMatchObject({ code: 'not-authorized' });
  await expect(later.part()).rejects.toMatchObject({ code: 'not-authorized' });
  jest.setSystemTime(noon + 30 * day);
  const before = act(noon - 1);
  await expect(before.require()).rejects.toMatchObject({ code: 'not-authorized' });
  await expect(before.part()).rejects.toMatchObject({ code: 'not-authorized' });
  expect([...later.warnings, ...before.warnings]).toEqual([]);
});

it('workers say at their start until when', () => {
  const said: unknown[] = [];
  const log = { warn: (fields: unknown) => said.push(fields) } as never;
  warnOfUnsigned(capabilities, log);
  warnOfUnsigned(capabilitiesWith(), log);
  jest.setSystemTime(unsignedUntil(noon));
  warnOfUnsigned(capabilities, log);
  expect(said).toEqual([{ until: new Date(noon + 30 * day).toISOString() }]);
});

/** Many events at once, each sent as Flux does, and what came of them. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Client } from '@temporalio/client';
import {
  pipelineAttribute,
  stateAttribute,
  versionAttribute,
} from '../../../src/workflows/contract/search-attributes';
import { shuffled } from '../shuffled';
import { newerVersion, olderVersion, stormEvent } from './fleet';
import { sendAsFlux, type Delivery } from './send-as-flux';

/** States in which a promotion has reached its receiver. */
const promotedStates = ['pull-request', 'notified'];

export interface StormOptions {
  /** Each sends an older and a newer version. */
  readonly pipelines: readonly string[];
  /** Those that run, which take attempts in turn, as behind a Service. */
  readonly webhooks: () => readonly string[];
  readonly hmacKey: string;
  readonly atOnce: number;
  /** Called after each delivery with how many there were. */
  readonly onDelivery?: (deliveries: number) => void;
}

export interface Sent {
  readonly deliveries: readonly Delivery[];
  readonly lost: readonly string[];
  /** From the first post to the last answer, milliseconds. */
  readonly ms: number;
}

/** Posts every Pipeline's two events, in an order in which the newer one often comes first. */
export async function sendStorm({
  pipelines,
  webhooks,
  hmacKey,
  atOnce,
  onDelivery,
}: StormOptions): Promise<Sent> {
  const startedAt = Date.now();
  const events = shuffled(
    pipelines.flatMap((name) =>
      [olderVersion, newerVersion].map((version) => ({ name, version, startedAt })),
    ),
  );
  const deliveries: Delivery[] = [];
  const lost: string[] = [];
  const start = performance.now();
  let next = 0;
  let turn = 0;
  const send = async (): Promise<void> => {
    for (let index = next++; index < events.length; index = next++) {
      const event = events[index];
      if (event === undefined) return;
      const delivery = await sendAsFlux(() => {
        const urls = webhooks();
        turn += 1;
        return stormEvent(urls[turn % urls.length] ?? '', hmacKey, event);
      });
      deliveries.push(delivery);
      if (!delivery.taken) lost.push(`${event.name} ${event.version}: ${delivery.lastAnswer}`);
      onDelivery?.(deliveries.length);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, send));
  return { deliveries, lost, ms: performance.now() - start };
}

/**
 * Waits until every Pipeline's newer version is promoted.
 * @throws Error, with how many are, when nothing changed for so many milliseconds
 */
export async function newestPromoted(client: Client, pipelines: number, stallMs = 180_000): Promise<void> {
  const states = promotedStates.map((state) => `'${state}'`).join(', ');
  const query = `WorkflowType = 'promotion' AND WindlassVersion = '${newerVersion}' AND WindlassState IN (${states})`;
  let last = -1;
  let changedAt = Date.now();
  for (;;) {
    // A busy server may answer late; the next look comes soon.
    const { count } = await client.workflow.count(query).catch(() => ({ count: last }));
    if (count >= pipelines) return;
    if (count !== last) changedAt = Date.now();
    last = count;
    if (Date.now() - changedAt > stallMs) {
      throw new Error(
        `Only ${count} of ${pipelines} newest versions are promoted, and no more since long. ${await whatWaits(client)}`,
      );
    }
    await delay(1_000);
  }
}

/** What some of the workflows wait for that are not where they should be. */
async function whatWaits(client: Client): Promise<string> {
  const lines: string[] = [];
  const query = `ExecutionStatus = 'Running' AND WindlassState NOT IN ('pull-request', 'notified')`;
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
    lines.push(`${workflowId}: ${JSON.stringify([raw.pendingWorkflowTask, raw.pendingActivities])}`);
    if (lines.length === 5) break;
  }
  return lines.join('\n');
}

/** @returns what is wrong: a version promoted twice or not at all, or an older one after the newer one */
export async function laneFaults(client: Client, pipelines: readonly string[]): Promise<string[]> {
  const promotions = new Map<
    string,
    { readonly version: string; readonly state: string; readonly start: number }[]
  >();
  for await (const run of client.workflow.list({ query: `WorkflowType = 'promotion'` })) {
    const attribute = (key: typeof pipelineAttribute): string => run.typedSearchAttributes.get(key) ?? '';
    const name = attribute(pipelineAttribute).replace(/^.*\//, '');
    const ofPipeline = promotions.get(name) ?? [];
    ofPipeline.push({
      version: attribute(versionAttribute),
      state: attribute(stateAttribute),
      start: run.startTime.getTime(),
    });
    promotions.set(name, ofPipeline);
  }
  return pipelines.flatMap((name) => {
    const runs = promotions.get(name) ?? [];
    const promoted = (version: string) =>
      runs.filter((run) => run.version === version && promotedStates.includes(run.state));
    const newer = promoted(newerVersion);
    const older = promoted(olderVersion);
    return [
      ...(newer.length === 1 ? [] : [`${name}: the newest version was promoted ${newer.length} times`]),
      ...(older.length <= 1 ? [] : [`${name}: the older version was promoted ${older.length} times`]),
      ...(newer.some(({ start }) => older.some((each) => each.start > start))
        ? [`${name}: the older version was promoted after the newer one`]
        : []),
    ];
  });
}

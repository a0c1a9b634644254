import { parentPort, workerData } from 'node:worker_threads';
import express from 'express';
import pino from 'pino';
import { createRegistry } from '../src/metrics/registry';
import { createApiMetrics } from '../src/api/webhook/metrics';
import { type LaneReporter } from '../src/temporal/lane-reporter';
import { startApi } from '../src/api/webhook/server';
import { createTemporalClient, temporalTargetAt } from '../src/temporal/connection';
import { createLaneReporter } from '../src/temporal/lanes';
import { memoryStore } from '../test/support/memory-store';
import { samplePipeline } from '../test/support/sample-pipeline';

export interface ServersInput {
  readonly key: string;
  /** Names of the pipelines that the webhook knows. */
  readonly pipelines: readonly string[];
  /** Where there is one, events go to it; else to nowhere, at once. */
  readonly temporal?: { readonly address: string; readonly namespace: string };
}

export interface ServersReady {
  readonly webhookPort: number;
  readonly expressPort: number;
}

const nowhere: LaneReporter = {
  report: () => Promise.resolve({ lane: 'lane/pipelines/my-app/staging' }),
  recordFact: () => Promise.resolve({ lane: 'lane/pipelines/my-app/staging' }),
  ready: () => Promise.resolve(true),
};

/** Serves, in a thread of its own, the webhook and an Express that does nothing but read JSON; ends with the thread. */
export async function main(): Promise<void> {
  const { key, pipelines, temporal } = workerData as ServersInput;
  const webhook = await startApi({
    bind: { host: '127.0.0.1', port: 0 },
    store: memoryStore(
      pipelines.map((name) => ({ ...samplePipeline, name })),
      { 'pipelines/webhook': { 'hmac-key': key } },
    ),
    lanes: temporal
      ? createLaneReporter(createTemporalClient(temporalTargetAt(temporal.address, temporal.namespace)))
      : nowhere,
    hints: { look: () => Promise.resolve() },
    approvals: { approve: () => Promise.resolve({ state: 'none' }) },
    allowUnboundApprovals: false,
    limit: { value: Number.MAX_SAFE_INTEGER, intervalMs: 30_000 },
    maxBodyBytes: 256 * 1024,
    eventMaxAgeMs: 24 * 3_600_000,
    allowUnsigned: false,
    trustedProxies: [],
    logger: pino(pino.destination({ dest: '/dev/null', sync: true })),
    metrics: createApiMetrics(createRegistry()),
    now: Date.now,
  });
  const bare = express();
  bare.post(
    '/promotion/:namespace/:pipeline/:environment',
    express.raw({ type: () => true, limit: '256kb' }),
    (request, response) => {
      const event = JSON.parse((request.body as Buffer).toString()) as { readonly reason: string };
      response
        .status(202)
        .json({ status: 'accepted', lane: 'lane/pipelines/my-app/staging', event: event.reason });
    },
  );
  const listening = bare.listen(0, '127.0.0.1', () => {
    const address = listening.address();
    const expressPort = typeof address === 'object' && address !== null ? address.port : 0;
    parentPort?.postMessage({ webhookPort: webhook.port, expressPort } satisfies ServersReady);
  });
}

import { createRegistry, type MetricsRegistry } from '../../src/metrics/registry';
import pino from 'pino';
import { createApiMetrics } from '../../src/api/webhook/metrics';
import { type LaneReporter } from '../../src/temporal/lane-reporter';
import { type ApiOptions, startApi } from '../../src/api/webhook/server';
import { type EnvironmentFact } from '../../src/domain/environment-fact';
import { type DeploymentEvent } from '../../src/domain/event';
import { type PipelineRef } from '../../src/domain/pipeline/pipeline';
import { fluxReceivedAt } from './flux-request';
import { memoryStore } from './memory-store';
import { samplePipeline } from './sample-pipeline';

export const webhookKey = 'a very secret key';

export interface RecordingLanes extends LaneReporter {
  readonly reported: { readonly event: DeploymentEvent; readonly to: string; readonly deadlineMs: number }[];
  readonly facts: { readonly fact: EnvironmentFact; readonly into: string; readonly deadlineMs: number }[];
}

/** Takes every event and fact, and remembers it. */
export function recordingLanes(): RecordingLanes {
  const reported: RecordingLanes['reported'] = [];
  const facts: RecordingLanes['facts'] = [];
  const laneInto = ({ namespace, name }: PipelineRef, into: string) => ({
    lane: `lane/${namespace}/${name}/${into}`,
  });
  return {
    reported,
    facts,
    report: (event, to, deadlineMs) => {
      reported.push({ event, to, deadlineMs });
      return Promise.resolve(laneInto(event.pipeline, to));
    },
    recordFact: (pipeline, fact, into, deadlineMs) => {
      facts.push({ fact, into, deadlineMs });
      return Promise.resolve(laneInto(pipeline, into));
    },
    ready: () => Promise.resolve(true),
  };
}

export interface RunningWebhook {
  readonly port: number;
  readonly lanes: RecordingLanes;
  readonly registry: MetricsRegistry;
  /** Log lines so far, parsed. */
  readonly log: Record<string, unknown>[];
  /** Posts to a path, `/promotion/pipelines/my-app/dev` where none is given. */
  post(request: {
    readonly body: string | Uint8Array;
    readonly path?: string;
    readonly signature?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly method?: string;
  }): Promise<Response>;
  close(deadlineMs?: number): Promise<void>;
}

/** The webhook on a free loopback port, with the sample pipeline, its key and a store and lanes in memory. */
export async function startWebhook(
  overrides: Partial<Omit<ApiOptions, 'lanes'>> & { readonly lanes?: LaneReporter } = {},
): Promise<RunningWebhook> {
  const lanes = recordingLanes();
  const registry = createRegistry();
  const log: Record<string, unknown>[] = [];
  const listening = await startApi({
    bind: { host: '127.0.0.1', port: 0 },
    store: memoryStore([samplePipeline], { 'pipelines/webhook': { 'hmac-key': webhookKey } }),
    lanes,
    hints: { look: () => Promise.resolve() },
    approvals: { approve: () => Promise.resolve({ state: 'none' }) },
    allowUnboundApprovals: false,
    limit: { value: 20, intervalMs: 30_000 },
    maxBodyBytes: 256 * 1024,
    eventMaxAgeMs: 24 * 3_600_000,
    allowUnsigned: false,
    trustedProxies: [],
    logger: pino(
      { level: 'debug' },
      { write: (line: string) => void log.push(JSON.parse(line) as Record<string, unknown>) },
    ),
    metrics: createApiMetrics(registry),
    now: () => fluxReceivedAt,
    ...overrides,
  });
  const { port } = listening;
  return {
    port,
    lanes,
    registry,
    log,
    post: ({ body, path = '/promotion/pipelines/my-app/dev', signature, headers = {}, method = 'POST' }) =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: {
          'Content-Type': 'application/json',
          'Gotk-Component': 'helm-controller',
          ...(signature === undefined ? {} : { 'X-Signature': signature }),
          ...headers,
        },
        ...(method === 'GET' || method === 'HEAD' ? {} : { body }),
      }),
    close: (deadlineMs = 1_000) => listening.close(deadlineMs),
  };
}

import { pino } from 'pino';
import { createRegistry, type MetricsRegistry } from '../../src/metrics/registry';
import { type Access, type Caller } from '../../src/access/access';
import { createAuditLog } from '../../src/api/audit-log';
import { type DashboardLogin } from '../../src/api/dashboard/login-routes';
import { EventStreams } from '../../src/api/operator/event-streams';
import { operatorHandlers } from '../../src/api/operator/handlers';
import { type HandlerParts } from '../../src/api/operator/handlers/handler-parts';
import { AnswerMemory } from '../../src/api/operator/idempotency';
import { startOperatorApi } from '../../src/api/operator/server';
import { type Freeze } from '../../src/domain/freezes/freeze';
import { type Verb } from '../../src/domain/people/rights';
import { type Pipeline } from '../../src/domain/pipeline/pipeline';
import { basePath } from '../../src/operator/routes';
import { openReadModel, type ReadModel } from '../../src/read-model/read-model';
import { type ListedPipeline } from '../../src/store/pipeline-store';
import { type LaneListing, type ListedLane } from '../../src/temporal/listed-lanes';
import { type OperatorActs } from '../../src/temporal/operator-acts';
import { type LaneView } from '../../src/domain/lane/lane-view';
import { laneId } from '../../src/workflows/contract/ids';
import { eventually } from './eventually';
import { memoryStore } from './memory-store';
import { samplePipeline } from './sample-pipeline';

/** A token that says itself who it is and what it may do: `tokenOf('ada', ['get'], 'apps')`. */
export function tokenOf(
  name: string,
  verbs: readonly (Verb | 'everything')[],
  namespace = 'everywhere',
): string {
  return [name, verbs.join('.'), namespace].join('~');
}

/** Knows the tokens of `tokenOf`. */
const speakingAccess: Access = {
  authenticate: (token) => {
    const [name, verbs, namespace] = token?.split('~') ?? [];
    if (name === undefined || verbs === undefined || namespace === undefined)
      return Promise.resolve({ known: false, fault: 'The token is not known: log in again.' });
    const caller: Caller = { name, groups: [verbs, namespace], via: 'token' };
    return Promise.resolve({ known: true, caller });
  },
  allows: ({ groups: [verbs = '', namespace] }, verb, place) =>
    Promise.resolve(
      (verbs === 'everything' || verbs.split('.').includes(verb)) &&
        (namespace === 'everywhere' || namespace === place.namespace),
    ),
};

export const all = tokenOf('root', ['everything']);

/** Lanes as they are put into it. */
export class FakeLanes implements LaneListing {
  readonly #lanes = new Map<string, ListedLane>();
  polling = true;
  reachable = true;

  put(view: LaneView): void {
    const workflowId = laneId(view.pipeline, view.environment);
    this.#lanes.set(workflowId, { workflowId, startedAt: 0, view });
  }

  running(): AsyncIterable<readonly ListedLane[]> {
    return this.#page(() => true);
  }

  changedSince(at: number): AsyncIterable<readonly ListedLane[]> {
    return this.#page(({ view }) => (view as LaneView).changedAt >= at);
  }

  state(): Promise<never> {
    return Promise.reject(new Error('No lane is of an older build.'));
  }

  lastPoll(): Promise<number | undefined> {
    return Promise.resolve(this.polling ? Date.now() : undefined);
  }

  answers(): Promise<boolean> {
    return Promise.resolve(this.polling);
  }

  async *#page(wanted: (lane: ListedLane) => boolean): AsyncGenerator<readonly ListedLane[]> {
    if (!this.reachable) throw new Error('Temporal is away.');
    yield await Promise.resolve([...this.#lanes.values()].filter(wanted));
  }
}

export interface RunningOperatorApi {
  readonly url: string;
  readonly model: ReadModel;
  readonly registry: MetricsRegistry;
  /** Those of the store. */
  readonly freezes: Freeze[];
  /** Log lines so far. */
  readonly log: Record<string, unknown>[];
  readonly request: (
    method: string,
    path: string,
    options?: {
      readonly token?: string;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    },
  ) => Promise<Response>;
  close(): Promise<void>;
}

export interface TestOperatorApiOptions extends Partial<HandlerParts> {
  /** Read again each second, so a test can add and remove some. */
  readonly pipelines?: readonly Pipeline[];
  /** Pipelines that are invalid. */
  readonly invalid?: readonly ListedPipeline[];
  readonly lanes?: FakeLanes;
  readonly failureLimit?: { readonly value: number; readonly intervalMs: number };
  /** After which an event stream ends. */
  readonly streamMs?: number;
  /** The directory with the files of the dashboard. */
  readonly dashboard?: string;
  /** How people log in to it. */
  readonly login?: DashboardLogin;
  /** By default a free one. */
  readonly port?: number;
}

/** Lanes that have recorded nothing and take nothing, but for what a test says. */
export function operatorActs(given: Partial<OperatorActs> = {}): OperatorActs {
  return {
    laneState: () => Promise.resolve(undefined),
    records: () => Promise.resolve([]),
    keptRecords: () => Promise.resolve({ records: [] }),
    act: refuses('An act'),
    approve: refuses('An approval'),
    approveManual: refuses('An approval'),
    reject: refuses('A rejection'),
    override: refuses('An override'),
    taken: () => Promise.resolve(undefined),
    record: refuses('A record'),
    ...given,
  };
}

const refuses = (what: string) => () => Promise.reject(new Error(`${what} is not expected.`));

/** The API on a free loopback port, over lanes and a store in memory. */
export async function startTestOperatorApi(
  options: TestOperatorApiOptions = {},
): Promise<RunningOperatorApi> {
  const {
    pipelines = [samplePipeline],
    invalid = [],
    lanes = new FakeLanes(),
    failureLimit = { value: 20, intervalMs: 30_000 },
    streamMs,
    dashboard,
    login,
    port = 0,
    ...given
  } = options;
  const freezes: Freeze[] = [];
  const store = memoryStore(pipelines, {}, freezes);
  const registry = createRegistry();
  const log: Record<string, unknown>[] = [];
  const logger = pino(
    { level: 'debug' },
    { write: (line: string) => void log.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const model = openReadModel({
    store: { ...store, list: () => [...store.list(), ...invalid] },
    lanes,
    log: pino({ level: 'silent' }),
  });
  const streams = new EventStreams(model.changes, streamMs);
  const access = given.access ?? speakingAccess;
  const listening = await startOperatorApi({
    bind: { host: '127.0.0.1', port },
    access,
    ...(dashboard === undefined ? {} : { dashboard }),
    ...(login === undefined ? {} : { login }),
    streams,
    handlers: operatorHandlers({
      access,
      model,
      store,
      acts: operatorActs(),
      promotions: {
        list: () => Promise.resolve({ items: [] }),
        get: () => Promise.resolve(undefined),
        closedGates: refuses('A query'),
        proposedHead: refuses('A query'),
      },
      freezes: {
        list: () => Promise.resolve([]),
        freeze: refuses('A freeze'),
        unfreeze: refuses('The end of a freeze'),
        suspension: () => Promise.resolve(undefined),
      },
      signer: undefined,
      policy: () => ({ rules: [] }),
      streams,
      answers: new AnswerMemory(),
      audit: createAuditLog(logger),
      temporalPage: () => undefined,
      tracePage: () => undefined,
      now: Date.now,
      ...given,
    }),
    failureLimit,
    trustedProxies: [],
    registry,
    logger,
  });
  await eventually(() => model.freshness().workers !== 'unknown');
  const url = `http://127.0.0.1:${listening.port}`;
  return {
    url,
    model,
    registry,
    freezes,
    log,
    request: (method, path, { token, body, headers = {} } = {}) =>
      fetch(url + basePath + path, {
        method,
        headers: {
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    async close() {
      await listening.close(1_000);
      await model.close();
    },
  };
}

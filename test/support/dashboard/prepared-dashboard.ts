import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Pipeline } from '../../../src/domain/pipeline/pipeline';
import { type ListedFreeze } from '../../../src/store/freeze-desk';
import {
  all,
  FakeLanes,
  type RunningOperatorApi,
  startTestOperatorApi,
  type TestOperatorApiOptions,
} from '../operator-api-server';
import { type DashboardServer } from './dashboard-page';

const built = resolve(__dirname, '../../../dist/dashboard');

export interface PreparedOptions extends Omit<TestOperatorApiOptions, 'dashboard' | 'freezes'> {
  readonly pipelines: readonly Pipeline[];
  /** Read again for each request, so a test can add and remove some. */
  readonly frozen?: readonly ListedFreeze[];
}

export interface PreparedDashboard extends DashboardServer {
  readonly lanes: FakeLanes;
  readonly api: RunningOperatorApi;
  close(): Promise<void>;
}

/**
 * The built dashboard in front of the real API, whose Pipelines, lanes and Freezes are made up: for what is hard to reach for
 * real. Its token may do everything; `tokenOf` makes others.
 */
export async function startPreparedDashboard(options: PreparedOptions): Promise<PreparedDashboard> {
  if (!existsSync(join(built, 'index.html'))) {
    throw new Error('The dashboard is not built: npm run build:dashboard.');
  }
  const { lanes = new FakeLanes(), frozen = [], ...rest } = options;
  const refused = () => Promise.reject(new Error('No Freeze is made or ended here.'));
  const api = await startTestOperatorApi({
    lanes,
    dashboard: built,
    freezes: {
      list: () => Promise.resolve(frozen),
      freeze: refused,
      unfreeze: refused,
      suspension: () => Promise.resolve(undefined),
    },
    ...rest,
  });
  return { url: api.url, token: all, lanes, api, close: () => api.close() };
}

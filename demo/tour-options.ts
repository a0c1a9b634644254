import { type Client } from '@temporalio/client';
import { type Deployment, type TestRun } from './cluster/cluster';
import { type Keyboard } from './enter-key';
import { type Notices } from './notices';
import { type DemoPullRequest, type DemoService } from './services/demo-service';
import { type Terminal } from './terminal';
import { type ApiLogin } from './windlass-command';

/** What the steps of the tour act on. */
export interface TourOptions {
  readonly terminal: Terminal;
  readonly keyboard: Keyboard;
  readonly service: DemoService;
  readonly temporal: Client;
  readonly temporalUiUrl: string;
  readonly login: ApiLogin;
  readonly deployments: Notices<Deployment>;
  readonly tests: Notices<TestRun>;
  readonly opened: Notices<DemoPullRequest>;
  readonly merged: Notices<DemoPullRequest>;
  /** Windlass's last log lines. */
  readonly log: () => readonly string[];
  /** Merges and approves automatically instead of waiting for the user. */
  readonly once: boolean;
}

import { type Client } from '@temporalio/client';
import { type Deployment, type TestRun } from './cluster/cluster';
import { type Keyboard } from './enter-key';
import { type Forge } from './forge/forge';
import { type PullRequestRecord } from './forge/pull-request-record';
import { type Notices } from './notices';
import { type Terminal } from './terminal';
import { type ApiLogin } from './windlass-command';

/** What the steps of the tour act on. */
export interface TourOptions {
  readonly terminal: Terminal;
  readonly keyboard: Keyboard;
  readonly forge: Forge;
  readonly temporal: Client;
  readonly temporalUiUrl: string;
  readonly login: ApiLogin;
  readonly deployments: Notices<Deployment>;
  readonly tests: Notices<TestRun>;
  readonly opened: Notices<PullRequestRecord>;
  readonly merged: Notices<PullRequestRecord>;
  /** Windlass's last log lines. */
  readonly log: () => readonly string[];
  /** Merges and approves automatically instead of waiting for the user. */
  readonly once: boolean;
}

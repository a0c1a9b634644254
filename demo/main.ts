import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { localTokenFile } from '../src/access/tokens/local-token';
import { OpenParts } from '../src/program/lifetime/open-parts';
import { gatesCheckName } from '../src/providers/port';
import { createTemporalClient, temporalTargetAt } from '../src/temporal/connection';
import { type Deployment, startCluster, type TestRun } from './cluster/cluster';
import { DemoFailure } from './demo-failure';
import { fleet, fleetManifests, writePipelineFiles, writePolicyFile } from './demo-fleet';
import { Notices } from './notices';
import { type DemoPullRequest } from './services/demo-service';
import { startDemoGitea } from './services/gitea';
import { startOwnForge } from './services/own-forge';
import { Terminal } from './terminal';
import { tour } from './tour';
import { type TourOptions } from './tour-options';
import { type ApiLogin, runCommand } from './windlass-command';
import { WindlassProcess, loopbackWithoutProxy } from './windlass-process';

interface DemoFlags {
  /** Merges and approves automatically. */
  readonly once: boolean;
  /** `own`: the demo's own forge, which is shaped like GitHub. */
  readonly forge: 'own' | 'gitea';
}

/** Starts everything and runs the tour; adds what it opens to `parts`. */
async function demo(terminal: Terminal, parts: OpenParts, { once, forge }: DemoFlags): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'windlass-demo-')).catch((error: unknown) => {
    throw new DemoFailure(
      `${tmpdir()} is not writable (${String(error)}). Set TMPDIR to another directory, then start again.`,
    );
  });
  await parts.add({ close: () => rm(directory, { recursive: true, force: true, maxRetries: 3 }) });

  terminal.title(`Windlass promotes ${fleet.pipeline.name}: ${fleet.environments.join(' → ')}`);
  terminal.line();
  const repository = { name: fleet.repository, files: fleetManifests(), requiredCheck: gatesCheckName };
  const service = await parts.add(
    forge === 'gitea'
      ? await terminal.waiting(
          'Gitea starts (where it has to be built first: minutes)',
          startDemoGitea(repository),
        )
      : await startOwnForge(join(directory, 'forge'), repository),
  );
  terminal.fact(...service.introduction);
  if (service.whyEnterMerges !== undefined) terminal.note(service.whyEnterMerges);
  const secrets = { token: service.token, hmacKey: randomBytes(32).toString('hex') };

  const pipelinesDir = join(directory, 'pipelines');
  await writePipelineFiles(pipelinesDir, service, secrets);
  const policyFile = join(directory, 'policy.yaml');
  await writePolicyFile(policyFile);
  const dataDir = join(directory, 'data');
  const windlass = await parts.add(new WindlassProcess({ pipelinesDir, policyFile, dataDir }));
  const guarded = <T>(work: Promise<T>): Promise<T> => Promise.race([work, windlass.failed]);
  const addresses = await terminal.waiting(() => windlass.lastMessage, guarded(windlass.ready));
  terminal.fact('Windlass webhook', addresses.webhook);
  const login: ApiLogin = { server: addresses.api, tokenFile: localTokenFile(dataDir) };
  terminal.fact('API for operators', addresses.api);
  terminal.fact('Dashboard', await runCommand(login, ['dashboard']));
  terminal.fact('Temporal Web UI', addresses.temporalUi);

  const temporal = createTemporalClient(temporalTargetAt(addresses.temporal, 'default'));
  await parts.add(temporal.connection);
  const calls = new AbortController();
  await parts.add({
    close: () => {
      // The client repeats calls that a closed connection has ended, unless they were aborted before.
      calls.abort();
      // A process whose input is open does not end.
      process.stdin.destroy();
      return Promise.resolve();
    },
  });
  const deployments = new Notices<Deployment>();
  const tests = new Notices<TestRun>();
  const opened = new Notices<DemoPullRequest>();
  const merged = new Notices<DemoPullRequest>();
  service.onPullRequest((pullRequest) => opened.add(pullRequest));
  service.onMerge((pullRequest) => merged.add(pullRequest));
  await parts.add(
    await startCluster({
      forge: service,
      repository: fleet.repository,
      webhookUrl: addresses.webhook,
      hmacKey: secrets.hmacKey,
      pipeline: fleet.pipeline,
      environments: fleet.environments,
      brokenVersions: [fleet.brokenVersion],
      onTested: (run) => tests.add(run),
      onDeployed: (deployment) => deployments.add(deployment),
    }),
  );
  terminal.fact('Demo cluster', `${fleet.environments.join(', ')} run ${fleet.version}`);
  terminal.fact('Gates of prod', 'Helm tests before the pull request (policy), an approval before the merge');

  const options: TourOptions = {
    terminal,
    keyboard: process.stdin,
    service,
    temporal,
    temporalUiUrl: addresses.temporalUi,
    login,
    deployments,
    tests,
    opened,
    merged,
    log: () => windlass.log(),
    once,
  };
  await guarded(temporal.withAbortSignal(calls.signal, () => tour(options)));
  const { fixedVersion, brokenVersion } = fleet;
  terminal.title(
    `${fixedVersion} is in every environment, one reviewed line at a time. ${brokenVersion} never was in prod.`,
  );
  if (once) return;
  // The first one ends after some minutes.
  terminal.fact('Dashboard', await runCommand(login, ['dashboard']));
  await terminal.waiting('Explore the links above; Ctrl-C ends the demo', windlass.failed);
}

/** @returns the exit code */
async function run(flags: DemoFlags): Promise<number> {
  const parts = new OpenParts();
  const terminal = new Terminal(process.stdout, process.env);
  const faults: unknown[] = [];
  let interrupted = false;
  try {
    await Promise.race([demo(terminal, parts, flags), stopRequest()]);
  } catch (error) {
    if (error instanceof StopRequested) interrupted = true;
    else faults.push(error);
  }
  // The demo's work continues until its parts are closed, but must not print any more.
  terminal.close();
  const farewell = new Terminal(process.stdout, process.env);
  for (const fault of faults) report(farewell, fault);
  try {
    await farewell.waiting('Stopping everything', parts.close());
    farewell.line('\n  Stopped; no processes or files remain.');
  } catch (error) {
    faults.push(error);
    report(farewell, error);
  }
  if (faults.length > 0) return 1;
  return interrupted && flags.once ? 130 : 0;
}

class StopRequested extends Error {}

/** Rejects at the first signal; ignores later ones, because stopping takes time and ends by itself. */
async function stopRequest(): Promise<never> {
  return new Promise((_resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        reject(new StopRequested());
      });
    }
  });
}

function report(terminal: Terminal, error: unknown): void {
  const { code } = error as { readonly code?: string };
  if (code === 'ENOSPC')
    terminal.failure(
      `No space left in ${tmpdir()}. Free some, or set TMPDIR to another directory, then start again.`,
    );
  else terminal.failure(error instanceof DemoFailure ? error.message : String((error as Error).stack));
  if (error instanceof DemoFailure) for (const line of error.log) terminal.note(line);
}

Object.assign(process.env, loopbackWithoutProxy(process.env));
new Command('npm run demo --')
  .description('Runs Windlass on this machine: real Git, a real Temporal server, signed events.')
  .option('--once', 'merge and approve automatically, check each step, exit with 0 or 1')
  .addOption(new Option('--forge <service>', 'the Git service').choices(['own', 'gitea']).default('own'))
  .action(async ({ once = false, forge }: Partial<DemoFlags> & Pick<DemoFlags, 'forge'>) => {
    process.exitCode = await run({ once, forge });
  })
  .parseAsync()
  .catch((error: unknown) => {
    process.exitCode = 1;
    report(new Terminal(process.stdout, process.env), error);
  });

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import pino from 'pino';
import { createTemporalClient, temporalTargetAt } from '../src/temporal/connection';
import { startEmbeddedTemporal } from '../src/temporal/embedded/start';
import { fluxBody, sign } from '../test/support/flux-request';
import { deployment } from '../test/support/events';
import { postAll } from './http-load';
import { type ServersInput, type ServersReady } from './webhook-servers';

const key = 'benchmark';

const pipelines = Array.from({ length: 20 }, (_, index) => `app-${index}`);

/** A signed POST to the 202, against an Express that only reads JSON, and against a bare `signalWithStart`. */
export async function main(): Promise<void> {
  console.log('what | requests/s | baseline | baseline requests/s | ratio');
  await againstExpress();
  await againstSignalWithStart();
}

async function againstExpress(): Promise<void> {
  const { servers, webhookPort, expressPort } = await startServers({ key, pipelines });
  const requests = signedRequests(500);
  const rounds = 41;
  const connections = 8;
  const webhook: number[] = [];
  const bare: number[] = [];
  for (let warmUp = 0; warmUp < 20; warmUp += 1) {
    await postAll(webhookPort, requests, connections);
    await postAll(expressPort, requests, connections);
  }
  for (let round = 0; round < rounds; round += 1) {
    webhook.push(await postAll(webhookPort, requests, connections));
    bare.push(await postAll(expressPort, requests, connections));
  }
  await servers.terminate();
  printRow('POST, no Temporal', 'bare Express', requests.length, webhook, bare);
}

async function againstSignalWithStart(): Promise<void> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'windlass-bench-'));
  const temporal = await startEmbeddedTemporal({ dataDir, namespace: 'bench', log: pino({ level: 'warn' }) });
  const { address, namespace } = temporal;
  const { servers, webhookPort } = await startServers({ key, pipelines, temporal: { address, namespace } });
  const client = createTemporalClient(temporalTargetAt(address, namespace));
  const requests = signedRequests(100);
  const rounds = 9;
  const connections = 4;
  const signalAll = async (): Promise<number> => {
    let next = 0;
    const start = performance.now();
    const one = async (): Promise<void> => {
      for (let index = next++; index < requests.length; index = next++) {
        const name = pipelines[index % pipelines.length] ?? '';
        await client.workflow.signalWithStart('lane', {
          taskQueue: 'bench',
          workflowId: `bare/${name}`,
          signal: 'report',
          signalArgs: [deployment({ version: '1.2.4' })],
        });
      }
    };
    await Promise.all(Array.from({ length: connections }, one));
    return performance.now() - start;
  };
  const webhook: number[] = [];
  const bare: number[] = [];
  await postAll(webhookPort, requests, connections);
  await signalAll();
  for (let round = 0; round < rounds; round += 1) {
    webhook.push(await postAll(webhookPort, requests, connections));
    bare.push(await signalAll());
  }
  printRow('POST, Temporal on SQLite', 'bare signalWithStart', requests.length, webhook, bare);
  await servers.terminate();
  await client.connection.close();
  await temporal.close();
  await rm(dataDir, { recursive: true, force: true });
}

async function startServers(input: ServersInput): Promise<ServersReady & { readonly servers: Worker }> {
  const servers = new Worker(path.join(__dirname, 'run.mjs'), {
    argv: [path.join(__dirname, 'webhook-servers.ts')],
    workerData: input,
  });
  const [ready] = (await once(servers, 'message')) as [ServersReady];
  return { ...ready, servers };
}

/** What notification-controller sends, each to the next of the pipelines. */
function signedRequests(count: number): Buffer[] {
  const body = fluxBody(['"timestamp":"2026-11-23T07:59:37Z"', '"timestamp":null']);
  const headers = [
    'Host: 127.0.0.1',
    'User-Agent: Go-http-client/1.1',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Content-Type: application/json',
    'Gotk-Component: helm-controller',
    `X-Signature: ${sign(key, body)}`,
    'Accept-Encoding: gzip',
  ].join('\r\n');
  return Array.from({ length: count }, (_, index) =>
    Buffer.from(
      `POST /promotion/pipelines/${pipelines[index % pipelines.length] ?? ''}/dev HTTP/1.1\r\n${headers}\r\n\r\n${body}`,
    ),
  );
}

function printRow(
  what: string,
  baseline: string,
  count: number,
  ours: readonly number[],
  theirs: readonly number[],
): void {
  const perSecond = (elapsed: number): string => ((count / elapsed) * 1000).toFixed(0);
  // Of neighbouring rounds, so that what else the machine does meanwhile touches both.
  const ratio = median(ours.map((elapsed, round) => (theirs[round] ?? Number.NaN) / elapsed));
  const row = [what, perSecond(median(ours)), baseline, perSecond(median(theirs)), ratio.toFixed(2)];
  console.log(row.join(' | '));
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

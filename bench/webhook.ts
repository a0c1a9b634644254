import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Client } from '@temporalio/client';
import pino from 'pino';
import { createTemporalClient, temporalTargetAt } from '../src/temporal/connection';
import { startEmbeddedTemporal } from '../src/temporal-server/start';
import { fluxBody, sign } from '../test/support/flux-request';
import { deployment } from '../test/support/events';
import { postAll } from './http-load';
import { median, printTable, verdict } from './measure';
import { type BenchOptions } from './run-options';
import { type ServersInput, type ServersReady } from './webhook-servers';

const key = 'benchmark';
const pipelines = Array.from({ length: 20 }, (_, index) => `app-${index}`);

/** How often a comparison is repeated, before it counts and when it does. */
interface Repeats {
  readonly warmUps: number;
  readonly rounds: number;
}

interface Comparison {
  readonly baseline: string;
  readonly connections: number;
  readonly requests: number;
  /** Milliseconds for all requests, round by round. */
  readonly webhook: readonly number[];
  readonly bare: readonly number[];
}

/** A signed POST to the 202, against an Express that only reads JSON, and against a bare `signalWithStart`. */
export async function main({ quick }: BenchOptions): Promise<void> {
  const express = await againstExpress(quick ? { warmUps: 5, rounds: 9 } : { warmUps: 20, rounds: 41 });
  const signals = await againstSignalWithStart({ warmUps: 1, rounds: quick ? 5 : 15 });
  printTable(
    ['baseline', 'at once', 'webhook, requests/s', 'baseline, requests/s', 'webhook / baseline'],
    [express, signals].map((comparison) => [
      comparison.baseline,
      String(comparison.connections),
      perSecond(comparison.requests, comparison.webhook),
      perSecond(comparison.requests, comparison.bare),
      throughputRatio(comparison).toFixed(2),
    ]),
  );
  verdict('webhook / bare signalWithStart', throughputRatio(signals), { atLeast: 0.8 });
}

async function againstExpress(repeats: Repeats): Promise<Comparison> {
  const { servers, webhookPort, expressPort } = await startServers({ key, pipelines });
  const requests = signedRequests(500);
  const connections = 8;
  const measured = await compare(
    repeats,
    () => postAll(webhookPort, requests, connections),
    () => postAll(expressPort, requests, connections),
  );
  await servers.terminate();
  return { baseline: 'bare Express', connections, requests: requests.length, ...measured };
}

async function againstSignalWithStart(repeats: Repeats): Promise<Comparison> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'windlass-bench-'));
  const temporal = await startEmbeddedTemporal({ dataDir, namespace: 'bench', log: pino({ level: 'warn' }) });
  const { address, namespace } = temporal;
  const { servers, webhookPort } = await startServers({ key, pipelines, temporal: { address, namespace } });
  const client = createTemporalClient(temporalTargetAt(address, namespace));
  const requests = signedRequests(100);
  const connections = 4;
  const measured = await compare(
    repeats,
    () => postAll(webhookPort, requests, connections),
    () => signalAll(client, requests.length, connections),
  );
  await servers.terminate();
  await client.connection.close();
  await temporal.close();
  await rm(dataDir, { recursive: true, force: true });
  return { baseline: 'bare signalWithStart', connections, requests: requests.length, ...measured };
}

/** Takes turns, so that a busy machine slows both alike. */
async function compare(
  { warmUps, rounds }: Repeats,
  runWebhook: () => Promise<number>,
  runBare: () => Promise<number>,
): Promise<Pick<Comparison, 'webhook' | 'bare'>> {
  const webhook: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < warmUps + rounds; round += 1) {
    webhook.push(await runWebhook());
    bare.push(await runBare());
  }
  return { webhook: webhook.slice(warmUps), bare: bare.slice(warmUps) };
}

/** @returns milliseconds */
async function signalAll(client: Client, count: number, atOnce: number): Promise<number> {
  let next = 0;
  const start = performance.now();
  const one = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      await client.workflow.signalWithStart('lane', {
        taskQueue: 'bench',
        workflowId: `bare/${pipelines[index % pipelines.length] ?? ''}`,
        signal: 'report',
        signalArgs: [deployment({ version: '1.2.4' })],
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return performance.now() - start;
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

function perSecond(requests: number, elapsed: readonly number[]): string {
  return ((requests / median(elapsed)) * 1000).toFixed(0);
}

function throughputRatio({ webhook, bare }: Comparison): number {
  return median(bare) / median(webhook);
}

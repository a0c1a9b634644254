/** The chart as Helm sees it, without a cluster. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { objectsIn } from '../support/kube-objects';
import { findServers } from '../support/server-programs';
import { type Manifest } from './manifests';

const root = path.join(__dirname, '../..');
export const chart = path.join(root, 'charts/windlass');
export const allInOneValues = path.join(chart, 'values-all-in-one.yaml');
const run = promisify(execFile);

export type Values = Readonly<Record<string, unknown>>;

/** The least that has to be said. */
export const leastValues = { temporal: { address: 'temporal-frontend.temporal.svc:7233' } };

export interface RenderedText {
  readonly yaml: string;
  readonly notes: string;
}

export interface Rendering extends RenderedText {
  readonly manifests: readonly Manifest[];
}

export interface RenderOptions {
  readonly release?: string;
  readonly namespace?: string;
  readonly valuesFiles?: readonly string[];
  /** Another directory than the chart's own. */
  readonly from?: string;
}

/** As `helm install` would install it. @throws Error whose message is what Helm says against the values */
export async function render(values: Values = leastValues, options: RenderOptions = {}): Promise<Rendering> {
  const text = await renderText(values, options);
  const manifests: readonly unknown[] = objectsIn(text.yaml);
  return { ...text, manifests: manifests as readonly Manifest[] };
}

/** Does not parse the manifests, because that takes longer than Helm does. */
export async function renderText(values: Values, options: RenderOptions = {}): Promise<RenderedText> {
  const { release = 'windlass', namespace = 'windlass-system', valuesFiles = [], from = chart } = options;
  const stdout = await withValues(values, (file) =>
    helm([
      ...['install', release, from, '--dry-run=client', '--output=json', `--namespace=${namespace}`],
      ...[...valuesFiles, file].map((name) => `--values=${name}`),
    ]),
  );
  const { manifest, info } = JSON.parse(stdout) as { manifest: string; info: { notes: string } };
  return { yaml: manifest, notes: info.notes };
}

/** What `helm lint --strict` finds, which ends with an error for the least of it. */
export async function lint(values: Values, valuesFiles: readonly string[] = []): Promise<string> {
  return withValues(values, (file) =>
    helm(['lint', chart, '--strict', ...[...valuesFiles, file].map((name) => `--values=${name}`)]),
  );
}

async function withValues<T>(values: Values, use: (file: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(path.join(tmpdir(), 'windlass-chart-'));
  try {
    const file = path.join(directory, 'values.yaml');
    await writeFile(file, stringify(values));
    return await use(file);
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function helm(args: readonly string[]): Promise<string> {
  helmProgram ??= findHelm();
  // No cluster, plug-ins or settings of whoever runs the tests.
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', KUBECONFIG: '/dev/null' };
  try {
    return (await run(await helmProgram, args, { env, maxBuffer: 16 * 1024 * 1024 })).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
    throw new Error(stdout + stderr, { cause: error });
  }
}

let helmProgram: Promise<string> | undefined;

async function findHelm(): Promise<string> {
  const { helm: program } = await findServers('helm');
  const { stdout: version } = await run(program, ['version', '--short']);
  // Helm 3 asks a cluster for its version even in a dry run.
  if (version.startsWith('v3'))
    throw new Error(`These tests need Helm 4: name one by HELM. ${program} is ${version}`);
  return program;
}

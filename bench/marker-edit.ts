import { parseAllDocuments } from 'yaml';
import { setMarkedVersions } from '../src/manifests/set-marked-versions';
import { median, printTable } from './measure';
import { type BenchOptions } from './run-options';

const marker = { namespace: 'apps', pipeline: 'podinfo', environment: 'prod' };

/** A HelmRelease as people keep it, with the documents that often share its file. */
function manifest(index: number): string {
  const values = Array.from(
    { length: 20 },
    (_, line) => `    setting${line}: "value ${line}" # why it is so\n`,
  );
  return `---
apiVersion: v1
kind: Namespace
metadata:
  name: team-${index}
  labels: { team: "${index}", stage: prod }
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: podinfo
  namespace: team-${index}
spec:
  interval: 5m
  chart:
    spec:
      chart: podinfo
      version: 6.5.${index} # {"$promotion": "apps:podinfo:prod"}
      sourceRef:
        kind: HelmRepository
        name: podinfo
  values:
    image:
      repository: ghcr.io/stefanprodan/podinfo # {"$imagepolicy": "flux-system:podinfo:name"}
${values.join('')}`;
}

/** @returns milliseconds for one run, of as many as make the clock's grain and the collector's pauses small */
function timedRepeatedly(run: () => void, repetitions: number): number {
  const start = performance.now();
  for (let repetition = 0; repetition < repetitions; repetition += 1) run();
  return (performance.now() - start) / repetitions;
}

/** Marker edit of so many files against `parseAllDocuments` of the same files: median of interleaved rounds. */
export function main({ quick }: BenchOptions): void {
  const rows = (quick ? [1, 10, 100] : [1, 10, 100, 1000]).map((count) => {
    const files = Array.from({ length: count }, (_, index) => manifest(index));
    const edit = (): void => {
      for (const file of files) setMarkedVersions(file, marker, { version: '6.6.0' });
    };
    const parse = (): void => {
      for (const file of files) parseAllDocuments(file);
    };
    const repetitions = Math.ceil(200 / count);
    const edits: number[] = [];
    const parses: number[] = [];
    for (let round = 0; round < (quick ? 3 : 11); round += 1) {
      edits.push(timedRepeatedly(edit, repetitions));
      parses.push(timedRepeatedly(parse, repetitions));
    }
    const [edited, parsed] = [median(edits), median(parses)];
    return [String(count), edited.toFixed(1), parsed.toFixed(1), (edited / parsed).toFixed(2)];
  });
  printTable(['files', 'edit, ms', 'parse, ms', 'edit / parse'], rows);
}

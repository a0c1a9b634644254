/** A repository of charts over HTTP, one directory and index an application. */
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { closeServer, listenOnLoopback } from '../support/loopback';
import { type Chart, packageChart } from './chart';
import { type Helm } from './helm-program';

export interface ChartRepository {
  /** What a HelmRepository names. */
  urlOf(application: string): string;
  publish(chart: Chart): Promise<void>;
  unpublish(chart: Chart): Promise<void>;
  close(): Promise<void>;
}

export async function startChartRepository(helm: Helm, directory: string): Promise<ChartRepository> {
  const root = path.join(directory, 'charts');
  const server = createServer((request, response) => {
    readFile(path.join(root, path.normalize(request.url ?? '/'))).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  const url = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  const urlOf = (application: string) => `${url}/${application}`;
  const fileOf = ({ name, version }: Chart) => path.join(root, name, `${name}-${version}.tgz`);
  const index = (application: string) =>
    helm(['repo', 'index', path.join(root, application), '--url', urlOf(application)]);
  return {
    urlOf,
    async publish(chart) {
      await mkdir(path.join(root, chart.name), { recursive: true });
      await copyFile(await packageChart(helm, directory, chart), fileOf(chart));
      await index(chart.name);
    },
    async unpublish(chart) {
      await rm(fileOf(chart));
      await index(chart.name);
    },
    close: () => closeServer(server),
  };
}

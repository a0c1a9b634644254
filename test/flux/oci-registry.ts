/** A real OCI registry on loopback. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { findServers } from '../support/server-programs';
import { startServerProcess } from '../support/server-process';
import { type Chart, packageChart } from './chart';
import { type Helm } from './helm-program';

export interface OciRegistry {
  /** What an OCIRepository names. */
  urlOf(application: string): string;
  /** Its tag is the chart's version. */
  push(chart: Chart): Promise<void>;
  close(): Promise<void>;
}

export async function startOciRegistry(helm: Helm, directory: string): Promise<OciRegistry> {
  const { registry: program } = await findServers('registry');
  const address = `127.0.0.1:${await freePort()}`;
  const configuration = path.join(directory, 'registry.yaml');
  const settings = {
    version: 0.1,
    log: { level: 'warn' },
    storage: { filesystem: { rootdirectory: path.join(directory, 'registry') } },
    http: { addr: address, secret: 'tests' },
  };
  await writeFile(configuration, JSON.stringify(settings));
  const running = startServerProcess(program, ['serve', configuration], {
    ...process.env,
    OTEL_TRACES_EXPORTER: 'none',
  });
  try {
    await eventually(async () => {
      running.requireRunning();
      return (await fetch(`http://${address}/v2/`)).ok;
    });
  } catch (error) {
    await running.stop();
    throw error;
  }
  return {
    urlOf: (application) => `oci://${address}/charts/${application}`,
    async push(chart) {
      const packaged = await packageChart(helm, directory, chart);
      await helm(['push', packaged, `oci://${address}/charts`, '--plain-http']);
    },
    close: () => running.stop(),
  };
}

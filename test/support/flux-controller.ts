/** A controller of Flux, real, on the real API server. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from './eventually';
import { freePort } from './free-port';
import { type KubeApiServer } from './kube-api-server';
import { createNamespaces } from './kube-objects';
import { findServers } from './server-programs';
import { startServerProcess } from './server-process';

/** Two busy cores take their time. */
const readyLimitMs = 90_000;
export const fluxNamespace = 'flux-system';

type ControllerName =
  'source-controller' | 'kustomize-controller' | 'helm-controller' | 'notification-controller';

/**
 * Starts a controller as an admin of the cluster, which needs Flux's CustomResourceDefinitions, and waits until it is
 * ready.
 * @param flags without the addresses of health and metrics
 * @returns how to stop it
 */
export async function startFluxController(
  server: KubeApiServer,
  name: ControllerName,
  flags: readonly string[],
): Promise<() => Promise<void>> {
  const { [name]: program } = await findServers(name);
  const directory = await mkdtemp(path.join(tmpdir(), 'windlass-flux-'));
  const kubeconfig = path.join(directory, 'kubeconfig');
  await writeFile(kubeconfig, server.kubeconfig('admin'));
  await createNamespaces(server, fluxNamespace);
  const [health, metrics] = await Promise.all([freePort(), freePort()]);
  const addresses = [`--health-addr=127.0.0.1:${health}`, `--metrics-addr=127.0.0.1:${metrics}`];
  const running = startServerProcess(program, [...flags, ...addresses], {
    ...process.env,
    KUBECONFIG: kubeconfig,
    RUNTIME_NAMESPACE: fluxNamespace,
  });
  const close = async () => {
    await running.stop();
    await rm(directory, { recursive: true });
  };
  try {
    await eventually(async () => {
      running.requireRunning();
      return (await fetch(`http://127.0.0.1:${health}/readyz`)).ok;
    }, readyLimitMs);
  } catch (error) {
    await close();
    throw error;
  }
  return close;
}

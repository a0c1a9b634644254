import { BareRepository } from '../demo/forge/bare-repository';
import { git } from '../demo/forge/git';

/** The application whose promotions are measured. Every other one has markers of its own. */
export const application = { namespace: 'team-0', name: 'app-0' } as const;

const filesPerApp = 4;
const appsPerTeam = 100;
/** One commit in the history for so many manifests: 2,000 of them for 20,000 manifests. */
const manifestsPerCommit = 10;

/**
 * Makes a bare repository as a company keeps its clusters: {@link fleetFiles} and a history in which one version after
 * another was set. Packed, as a server's upkeep leaves it.
 */
export async function createFleetRepository(path: string, manifests: number): Promise<void> {
  const bare = await BareRepository.create(path);
  await bare.commit('main', fleetFiles(manifests), 'Take the fleet over');
  const apps = appsIn(manifests);
  const bumps = Array.from({ length: manifests / manifestsPerCommit }, (_, index) => {
    // A stride that meets the applications in no order of the tree; the one that is measured stays as it is.
    const app = 1 + ((index * 7919) % (apps - 1));
    const [[file, content] = ['', '']] = Object.entries(filesOf(app, `6.6.${index}`));
    const time = 1_700_000_000 + index * 600;
    const from = index === 0 ? 'from refs/heads/main^0\n' : '';
    return `commit refs/heads/main\ncommitter Fleet <fleet@example.com> ${time} +0000\n${data(`Bump ${file}`)}${from}M 100644 inline ${file}\n${data(content)}`;
  });
  await git(path, ['fast-import', '--quiet'], { input: bumps.join('') });
  await git(path, ['repack', '-a', '-d', '--quiet', '--write-bitmap-index']);
}

/** YAML files of some 1.3 KB by path: four for each application, in a directory of its own below its team's. */
export function fleetFiles(manifests: number): Record<string, string> {
  const apps = Array.from({ length: appsIn(manifests) }, (_, app) => Object.entries(filesOf(app, '6.5.0')));
  return Object.fromEntries(apps.flat());
}

function appsIn(manifests: number): number {
  return Math.ceil(manifests / filesPerApp);
}

function filesOf(app: number, version: string): Record<string, string> {
  const namespace = `team-${Math.floor(app / appsPerTeam)}`;
  const name = `app-${app}`;
  const directory = `teams/${namespace}/${name}`;
  return {
    [`${directory}/dev.yaml`]: release(namespace, name, 'dev', version),
    [`${directory}/staging.yaml`]: release(namespace, name, 'staging', version),
    [`${directory}/prod.yaml`]: release(namespace, name, 'prod', version),
    [`${directory}/namespace.yaml`]: namespaceManifest(namespace, name),
  };
}

function release(namespace: string, name: string, environment: string, version: string): string {
  const values = Array.from(
    { length: 24 },
    (_, line) => `    setting${line}: "${name} in ${environment}, ${line}" # why\n`,
  );
  return `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: ${name}
  namespace: ${environment}
spec:
  interval: 5m
  chart:
    spec:
      chart: ${name}
      version: ${version} # {"$promotion": "${namespace}:${name}:${environment}"}
      sourceRef:
        kind: HelmRepository
        name: charts
  values:
${values.join('')}`;
}

function namespaceManifest(namespace: string, name: string): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels: { team: ${namespace} }\n`;
}

function data(content: string): string {
  return `data ${Buffer.byteLength(content)}\n${content}\n`;
}

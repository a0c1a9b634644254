#!/usr/bin/env node
/**
 * Finds the real servers that tests use and prints their paths as JSON, by name. Looks in `KUBEBUILDER_ASSETS` (like
 * controller-runtime's envtest), on the PATH and in the cache. Builds missing ones from the Go modules in test/servers,
 * which takes some minutes, once.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, readFileSync, readdirSync, renameSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withSetupLock } from './setup-lock.mjs';
import { SetupFault, runStep } from './setup-step.mjs';

const modules = fileURLToPath(new URL('../test/servers', import.meta.url));
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'windlass/servers');
const usual = ['kube-apiserver', 'etcd'];

/**
 * What `go build` needs besides the module, which has the server's name unless it builds several servers; the package
 * `.` is the module's own. The program in `variable` takes precedence.
 */
const builds = {
  'kube-apiserver': {
    package: '.',
    // Without it, the server's version is v0.0.0, which some clients reject.
    linkerFlags: (goMod) =>
      `-X k8s.io/component-base/version.gitVersion=${/k8s\.io\/kubernetes (\S+)/.exec(goMod)[1]}`,
  },
  etcd: { package: '.' },
  'notification-controller': { package: 'github.com/fluxcd/notification-controller' },
  'source-controller': { module: 'flux', package: 'github.com/fluxcd/source-controller' },
  'kustomize-controller': { module: 'flux', package: 'github.com/fluxcd/kustomize-controller' },
  'helm-controller': { module: 'flux', package: 'github.com/fluxcd/helm-controller' },
  // The OCI registry of the Flux tests.
  registry: { module: 'flux', package: 'github.com/distribution/distribution/v3/cmd/registry' },
  // What the cluster tests run: the server, and the program that makes its databases.
  'temporal-server': { module: 'temporal', package: 'go.temporal.io/server/cmd/server' },
  'temporal-sql-tool': { module: 'temporal', package: 'go.temporal.io/server/cmd/tools/sql' },
  // Not a server, but found and built in the same way: the chart tests render with it.
  helm: { package: 'helm.sh/helm/v4/cmd/helm', variable: 'HELM' },
  // With SQLite, which needs a C compiler.
  gitea: { package: 'code.gitea.io/gitea', tags: 'sqlite sqlite_unlock_notify' },
  // Faults on the way to a service.
  'toxiproxy-server': { module: 'toxiproxy', package: 'github.com/Shopify/toxiproxy/v2/cmd/server' },
  // Answers for the tests with the semver and YAML libraries of Flux and Kubernetes.
  'go-reference': { package: '.' },
  // What the tests of the files for publishing read them with: workflows of GitHub, docker-compose.yml and Dockerfile.
  actionlint: { package: 'github.com/rhysd/actionlint/cmd/actionlint' },
  'packaging-reader': { package: '.' },
};

/** Directories of files that a program reads at run time, found beside it or in the source of the Go module. */
const fileTrees = {
  'gitea-static': { module: 'gitea', goModule: 'code.gitea.io/gitea' },
};

try {
  const asked = process.argv.length > 2 ? process.argv.slice(2) : usual;
  const paths = {};
  for (const name of asked) paths[name] = find(name) ?? (await make(name));
  console.log(JSON.stringify(paths));
} catch (error) {
  if (!(error instanceof SetupFault)) throw error;
  console.error(`\nsetup: ${error.message}`);
  process.exitCode = 1;
}

function find(name) {
  const names = [...Object.keys(builds), ...Object.keys(fileTrees)];
  if (!names.includes(name)) {
    throw new SetupFault(`Unknown server ${name}: choose one of ${names.join(', ')}.`);
  }
  const assets = process.env.KUBEBUILDER_ASSETS;
  if (Object.hasOwn(fileTrees, name)) return assets ? [join(assets, name)].find(isDirectory) : undefined;
  const directories = [assets, ...(process.env.PATH ?? '').split(delimiter)].filter(Boolean);
  const named = process.env[builds[name].variable];
  if (named && isExecutable(named)) return named;
  return [...directories.map((directory) => join(directory, name)), cachePath(name)].find(isExecutable);
}

function make(name) {
  return Object.hasOwn(fileTrees, name) ? sourceOf(name) : build(name);
}

/** The source that the program is built from; Go downloads it where it is not there. */
function sourceOf(name) {
  requireGo(name);
  const { module, goModule } = fileTrees[name];
  const options = { cwd: join(modules, module), encoding: 'utf8' };
  const { status, stdout, stderr } = spawnSync('go', ['mod', 'download', '-json', goModule], options);
  if (status !== 0) throw new SetupFault(`go mod download ${goModule}: ${stderr}${stdout}`);
  return JSON.parse(stdout).Dir;
}

function moduleOf(name) {
  return join(modules, builds[name].module ?? name);
}

/** Another version of a server gets another file name. */
function cachePath(name) {
  const directory = moduleOf(name);
  const hash = createHash('sha256');
  for (const file of readdirSync(directory).sort()) hash.update(readFileSync(join(directory, file)));
  return join(cache, `${name}-${hash.digest('hex').slice(0, 12)}`);
}

function requireGo(name) {
  if (spawnSync('go', ['version']).status === 0) return;
  throw new SetupFault(
    `${name} was not found, and Go is not installed to build it. Set KUBEBUILDER_ASSETS to the directory that contains it ` +
      '(for example the one that `setup-envtest use -p path` prints), or install Go.',
  );
}

async function build(name) {
  requireGo(name);
  const target = cachePath(name);
  mkdirSync(cache, { recursive: true });
  return withSetupLock(cache, async () => {
    if (isExecutable(target)) return target;
    const directory = moduleOf(name);
    const { package: goPackage, linkerFlags = () => '', tags = '' } = builds[name];
    const flags = `-s -w ${linkerFlags(readFileSync(join(directory, 'go.mod'), 'utf8'))}`;
    const unfinished = `${target}.${process.pid}`;
    const args = ['build', '-trimpath', '-tags', tags, '-ldflags', flags, '-o', unfinished, goPackage];
    await runStep(`building ${name}`, 'go', args, directory);
    renameSync(unfinished, target);
    return target;
  });
}

function isDirectory(path) {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

import { existsSync } from 'node:fs';
import { delimiter, join, relative, sep } from 'node:path';
import { type Environment } from './setting';

/** The source of Pipelines and Secrets. */
export type PipelineSource =
  | {
      readonly kind: 'directory';
      readonly directory: string;
      /** Where the API writes freezes, and workers read them. */
      readonly freezesDirectory: string;
    }
  | {
      readonly kind: 'kubernetes';
      /** Kubeconfig files, the first takes precedence; none: the Pod's ServiceAccount. */
      readonly kubeconfigs: readonly string[];
      /** None: all. */
      readonly watchNamespaces: readonly string[];
    };

/** Paths are absolute. */
interface SourceSettings {
  readonly pipelinesDir?: string | undefined;
  readonly freezesDir?: string | undefined;
  readonly dataDir: string;
  readonly kubeconfig?: string | undefined;
  readonly watchNamespaces: readonly string[];
}

/** The errors if the settings name no source, or two; in sentences. */
export function pipelineSourceFaults(
  {
    pipelinesDir,
    freezesDir,
    kubeconfig,
    watchNamespaces,
  }: Readonly<Partial<Record<keyof SourceSettings, string | undefined>>>,
  env: Environment,
): string[] {
  if (pipelinesDir !== undefined) {
    return [
      ...(kubeconfig
        ? ['--kubeconfig: Pipelines already come from --pipelines-dir; remove one of them.']
        : []),
      ...(watchNamespaces
        ? ['--watch-namespaces: it has no effect with --pipelines-dir; remove one of them.']
        : []),
      ...(freezesDir !== undefined && isWithin(pipelinesDir, freezesDir)
        ? ['--freezes-dir: it must be outside of --pipelines-dir, whose files belong to you.']
        : []),
    ];
  }
  if (kubeconfig !== undefined || isInPod(env) || kubeconfigsIn(env).length > 0) return [];
  return [
    '--pipelines-dir: set the directory with your Pipelines and Secrets. It is required outside a Pod ' +
      '(or --kubeconfig or KUBECONFIG, to read them from a Kubernetes API server).',
  ];
}

/** The source that valid settings name. Like kubectl, a kubeconfig takes precedence over the Pod's ServiceAccount. */
export function choosePipelineSource(settings: SourceSettings, env: Environment): PipelineSource {
  const { pipelinesDir, freezesDir, dataDir, kubeconfig, watchNamespaces } = settings;
  if (pipelinesDir !== undefined)
    return {
      kind: 'directory',
      directory: pipelinesDir,
      freezesDirectory: freezesDir ?? join(dataDir, 'freezes'),
    };
  const kubeconfigs = kubeconfig === undefined ? kubeconfigsIn(env) : [kubeconfig];
  return { kind: 'kubernetes', kubeconfigs, watchNamespaces };
}

function isWithin(directory: string, inner: string): boolean {
  const way = relative(directory, inner);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`));
}

function isInPod(env: Environment): boolean {
  return Boolean(env['KUBERNETES_SERVICE_HOST']);
}

/** Ignores missing files, like kubectl. */
function kubeconfigsIn(env: Environment): string[] {
  return (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '' && existsSync(file));
}

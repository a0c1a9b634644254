import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { type Environment } from './setting';

/** Where Pipelines and Secrets come from. */
export type PipelineSource =
  | { readonly kind: 'directory'; readonly directory: string }
  | {
      readonly kind: 'kubernetes';
      /** Kubeconfig files, the first wins; none: the Pod's ServiceAccount. */
      readonly kubeconfigs: readonly string[];
      /** None: all. */
      readonly watchNamespaces: readonly string[];
    };

/** Paths are absolute. */
interface SourceSettings {
  readonly pipelinesDir?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly watchNamespaces: readonly string[];
}

/** Why the settings' texts name no source, or two; in sentences. */
export function pipelineSourceFaults(
  {
    pipelinesDir,
    kubeconfig,
    watchNamespaces,
  }: Readonly<Partial<Record<keyof SourceSettings, string | undefined>>>,
  env: Environment,
): string[] {
  if (pipelinesDir !== undefined) {
    return [
      ...(kubeconfig
        ? ['--kubeconfig: Pipelines come from --pipelines-dir already; remove one of them.']
        : []),
      ...(watchNamespaces
        ? ['--watch-namespaces: it has no meaning with --pipelines-dir; remove one of them.']
        : []),
    ];
  }
  if (kubeconfig !== undefined || isInPod(env) || kubeconfigsIn(env).length > 0) return [];
  return [
    '--pipelines-dir: it names the directory with your Pipelines and Secrets, and is required outside of a Pod ' +
      '(or --kubeconfig or KUBECONFIG, to read them from a Kubernetes API server).',
  ];
}

/** The source that faultless settings name. As kubectl does it, a kubeconfig comes before the Pod's ServiceAccount. */
export function choosePipelineSource(settings: SourceSettings, env: Environment): PipelineSource {
  const { pipelinesDir, kubeconfig, watchNamespaces } = settings;
  if (pipelinesDir !== undefined) return { kind: 'directory', directory: pipelinesDir };
  const kubeconfigs = kubeconfig === undefined ? kubeconfigsIn(env) : [kubeconfig];
  return { kind: 'kubernetes', kubeconfigs, watchNamespaces };
}

function isInPod(env: Environment): boolean {
  return Boolean(env['KUBERNETES_SERVICE_HOST']);
}

/** Files that are not there don't count, as for kubectl. */
function kubeconfigsIn(env: Environment): string[] {
  return (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '' && existsSync(file));
}

import { type KubeConfig } from '@kubernetes/client-node';
import { isNamespace } from '../domain/kubernetes-names';

/**
 * The namespace that Windlass itself is in: its Pod's (https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/),
 * or that of the kubeconfig's current context.
 */
export function ownNamespace(kubeConfig: KubeConfig): string | undefined {
  const namespace = kubeConfig.getContextObject(kubeConfig.getCurrentContext())?.namespace?.trim();
  return namespace !== undefined && isNamespace(namespace) ? namespace : undefined;
}

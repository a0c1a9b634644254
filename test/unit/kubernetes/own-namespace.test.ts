import { KubeConfig } from '@kubernetes/client-node';
import { ownNamespace } from '../../../src/kubernetes/own-namespace';

function kubeConfig(context: { readonly namespace?: string }, currentContext = 'test'): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: 'test', server: 'https://127.0.0.1' }],
    users: [{ name: 'test' }],
    contexts: [{ name: 'test', cluster: 'test', user: 'test', ...context }],
    currentContext,
  });
  return config;
}

it.each<readonly [string, KubeConfig, string | undefined]>([
  ["the current context's", kubeConfig({ namespace: 'windlass' }), 'windlass'],
  ['without the newline of a file', kubeConfig({ namespace: 'windlass\n' }), 'windlass'],
  ['none that is not said', kubeConfig({}), undefined],
  ['none that is empty', kubeConfig({ namespace: '' }), undefined],
  ['none that is no namespace', kubeConfig({ namespace: '../kube-system' }), undefined],
  ['none of another context', kubeConfig({ namespace: 'windlass' }, 'other'), undefined],
])('is %s', (_, config, expected) => {
  expect(ownNamespace(config)).toBe(expected);
});

import { type Values } from './helm';

/** All that adds to a Pod. */
export const everything: Values = {
  temporal: {
    address: 'temporal.example.com:7233',
    tls: { caSecretName: 'temporal-ca', clientSecretName: 'temporal-client' },
    envFromSecret: 'temporal-connection',
    uiUrl: 'https://temporal.example.com',
  },
  caBundle: { configMapName: 'company-ca' },
  trustedProxies: ['10.0.0.0/8', '2001:db8::1'],
  watchNamespaces: ['apps', 'more-apps'],
  extraEnv: [{ name: 'HTTPS_PROXY', value: 'http://proxy.example.com:3128' }],
  imagePullSecrets: [{ name: 'registry' }],
  podAnnotations: { 'example.com/note': 'x' },
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  tolerations: [{ key: 'dedicated', operator: 'Exists' }],
  networkPolicy: { temporal: { podLabels: { app: 'temporal' }, namespace: 'temporal' } },
};

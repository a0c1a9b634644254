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
  policy: { rules: [{ name: 'two-people', environments: ['prod'], gates: { approvals: { required: 2 } } }] },
  extraEnv: [{ name: 'HTTPS_PROXY', value: 'http://proxy.example.com:3128' }],
  imagePullSecrets: [{ name: 'registry' }],
  podLabels: { team: 'platform' },
  podAnnotations: { 'example.com/note': 'x' },
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  tolerations: [{ key: 'dedicated', operator: 'Exists' }],
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        {
          topologyKey: 'kubernetes.io/hostname',
          labelSelector: { matchLabels: { 'app.kubernetes.io/name': 'windlass' } },
        },
      ],
    },
  },
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
  ],
  serviceAccount: { annotations: { 'example.com/role': 'windlass' } },
  networkPolicy: {
    temporal: { podLabels: { app: 'temporal' }, namespace: 'temporal' },
    egress: { enabled: true, further: [{ ports: [{ port: 3128 }] }] },
  },
};

/** The schema of the chart's values but for those that are settings of the program. JSON Schema, draft 7. */

export interface Schema {
  readonly [keyword: string]: unknown;
}

export interface MapSchema extends Schema {
  readonly properties: Readonly<Record<string, Schema>>;
}

/** A map with these keys and no others. */
export function closed(properties: Readonly<Record<string, Schema>>): MapSchema {
  return { type: 'object', additionalProperties: false, properties };
}

const text = { type: 'string' };
const someText = { type: 'string', minLength: 1 };
const flag = { type: 'boolean' };
const object = { type: 'object' };
const port = { type: 'integer', minimum: 1, maximum: 65_535 };
const list = (items: Schema) => ({ type: 'array', items });
const mapOf = (additionalProperties: Schema) => ({ type: 'object', additionalProperties });
const labels = mapOf(text);

const quantities = mapOf({ type: ['string', 'number'] });
const resources = closed({ limits: quantities, requests: quantities, claims: { type: 'array' } });
const replicas = { type: 'integer', minimum: 0 };
const program = closed({ replicas: { ...replicas, type: ['integer', 'null'] }, resources });
const peers = list(closed({ ipBlock: object, namespaceSelector: object, podSelector: object }));

const service = closed({
  enabled: flag,
  type: { enum: ['ClusterIP', 'NodePort', 'LoadBalancer'] },
  port,
  nodePort: { type: ['integer', 'string'] },
  annotations: labels,
  labels,
});

const ingressPath = {
  ...closed({ path: text, pathType: { enum: ['Exact', 'Prefix', 'ImplementationSpecific'] } }),
  required: ['path'],
};

const ingress = closed({
  enabled: flag,
  className: text,
  annotations: labels,
  labels,
  hosts: list({
    ...closed({ host: text, paths: { type: 'array', minItems: 1, items: ingressPath } }),
    required: ['host', 'paths'],
  }),
  tls: list(closed({ secretName: text, hosts: list(text) })),
});

const ofUmbrellaChart = { $comment: 'Of the umbrella chart: refused in words by templates/_faults.tpl.' };

export const handWrittenSchema: MapSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $comment:
    'Types, ranges and choices. What takes a sentence to explain is refused by templates/_faults.tpl. ' +
    'Written by `npm run generate` from scripts/generate/hand-written-schema.ts and src/config/settings.ts.',
  ...closed({
    global: object,
    enablePipelines: ofUmbrellaChart,
    'pipeline-controller': ofUmbrellaChart,
    nameOverride: text,
    fullnameOverride: text,
    controller: closed({
      manager: closed({ image: closed({ repository: someText, tag: text }), resources }),
      replicas,
    }),
    kubernetesClusterDomain: someText,
    promotion: closed({ service, ingress }),
    api: program,
    worker: program,
    temporal: closed({
      address: text,
      namespace: text,
      envFromSecret: text,
      tls: closed({ enabled: flag, serverName: text, caSecretName: text, clientSecretName: text }),
    }),
    caBundle: closed({ configMapName: text, secretName: text, key: someText }),
    rbac: closed({ create: flag, aggregate: flag }),
    networkPolicy: closed({
      enabled: flag,
      webhookFrom: peers,
      metricsFrom: peers,
      temporal: closed({ podLabels: labels, namespace: text, port, operators: peers }),
    }),
    allInOne: closed({ enabled: flag, storage: closed({ size: someText, className: text }) }),
    imagePullSecrets: list({ ...closed({ name: text }), required: ['name'] }),
    podAnnotations: labels,
    nodeSelector: labels,
    tolerations: list(object),
    extraEnv: list({ ...closed({ name: someText, value: text, valueFrom: object }), required: ['name'] }),
  }),
};

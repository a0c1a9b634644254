import { type Environment, type Pipeline } from '../../src/domain/pipeline/pipeline';

const environment = (name: string): Environment => ({ name, targets: [{ namespace: 'real' }] });

/** `pipelines/my-app` through dev, staging and prod, by notification, signed with the Secret `webhook`. */
export const samplePipeline: Pipeline = {
  namespace: 'pipelines',
  name: 'my-app',
  appRef: { apiVersion: 'helm.toolkit.fluxcd.io/v2beta1', kind: 'HelmRelease', name: 'my-app' },
  environments: [environment('dev'), environment('staging'), environment('prod')],
  promotion: { manual: false, strategy: { kind: 'notification' }, hmacSecretName: 'webhook' },
  allowUnsigned: false,
};

import { notificationMessage } from '../domain/promotion/promotion';
import { type Notification } from './notification-sink';

const group = 'pipelines.weave.works';

/**
 * The body for Flux's notification-controller, with its fields in Flux's order
 * (https://fluxcd.io/flux/components/notification/events/). Metadata keys have the involved object's group as a prefix,
 * because the controller drops all others.
 */
export function fluxEvent({ pipeline, uid, environment, version, at }: Notification) {
  return {
    involvedObject: {
      kind: 'Pipeline',
      namespace: pipeline.namespace,
      name: pipeline.name,
      ...(uid === undefined ? {} : { uid }),
      apiVersion: `${group}/v1alpha1`,
    },
    severity: 'info',
    timestamp: wholeSeconds(at),
    message: notificationMessage(pipeline, environment, version),
    reason: 'Promote',
    metadata: {
      [`${group}/environment`]: environment,
      [`${group}/version`]: version,
    },
    reportingController: 'windlass',
  };
}

/** RFC 3339 without a fraction, as in Kubernetes. */
function wholeSeconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

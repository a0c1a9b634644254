import { pipelineGroup } from '../domain/kubernetes-names';
import { notificationMessage } from '../domain/promotion/promotion';
import { rfc3339Seconds } from '../domain/rfc3339';
import { type Notification } from './notification-sink';

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
      apiVersion: `${pipelineGroup}/v1alpha1`,
    },
    severity: 'info',
    timestamp: rfc3339Seconds(at),
    message: notificationMessage(pipeline, environment, version),
    reason: 'Promote',
    metadata: {
      [`${pipelineGroup}/environment`]: environment,
      [`${pipelineGroup}/version`]: version,
    },
    reportingController: 'windlass',
  };
}

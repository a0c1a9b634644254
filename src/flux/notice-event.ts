import { pipelineGroup } from '../domain/kubernetes-names';
import { type Notice, noticeKinds } from '../domain/notices/notice';
import { rfc3339Seconds } from '../domain/rfc3339';

/**
 * The body for Flux's notification-controller, as `fluxEvent` has it. Its kind is not that of the notification strategy's
 * events: a CI system that promotes what it receives about a Pipeline must not receive that an approval is missing.
 */
export function noticeEvent({ kind, namespace, name, message, fields, at }: Notice) {
  const { about, severity, reason } = noticeKinds[kind];
  return {
    involvedObject: { kind: about, namespace, name, apiVersion: `${pipelineGroup}/v1alpha1` },
    severity,
    timestamp: rfc3339Seconds(at),
    message,
    reason,
    metadata: Object.fromEntries(
      Object.entries(fields).map(([field, value]) => [`${pipelineGroup}/${field}`, value]),
    ),
    reportingController: 'windlass',
  };
}

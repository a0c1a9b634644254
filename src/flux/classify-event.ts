import { type EnvironmentFact } from '../domain/environment-fact';
import { type DeploymentEvent } from '../domain/event';
import { ignoreReasons } from './ignore-reasons';
import { type FluxEvent } from './parse-event';

/** A HelmRelease runs another release. */
export interface ReleaseChange {
  readonly kind: DeploymentEvent['kind'];
  readonly install: boolean;
}

interface TestResult {
  readonly kind: Exclude<EnvironmentFact['kind'], DeploymentEvent['kind']>;
}

const installed: ReleaseChange = { kind: 'deployed', install: true };
const upgraded: ReleaseChange = { kind: 'deployed', install: false };
const changes = new Map<string, ReleaseChange>([
  ['InstallSucceeded', installed],
  ['UpgradeSucceeded', upgraded],
  ['RollbackSucceeded', { kind: 'rolled-back', install: false }],
]);

const noPromotion = ignoreReasons['not-a-promotion'].sentences;

/**
 * Decides by reason what an event of helm-controller says (its `api/v2/condition_types.go`). A failed test is the only
 * event of severity error that counts: helm-controller's `internal/reconcile/test.go` sends it with the metadata
 * `revision` and `oci-digest` of the tested release, which its message names.
 */
export function classifyEvent(
  event: FluxEvent,
  signed: boolean,
): ReleaseChange | TestResult | { readonly ignored: string } {
  const reason = event.reason ?? '';
  if (reason === 'TestFailed') return { kind: 'tests-failed' };
  if (event.severity === 'error') return { ignored: noPromotion.failure() };
  if (reason === 'TestSucceeded') return { kind: 'tests-passed' };
  if (reason === '') return signed ? upgraded : { ignored: noPromotion.unexplained() };
  const change =
    changes.get(reason) ?? (reason === 'info' ? changeOfMessage(event.message ?? '') : undefined);
  return change ?? { ignored: noPromotion.otherReason(printable(reason)) };
}

/** helm-controller up to 0.36 gave every normal event the reason `info`: only the message shows what happened. */
function changeOfMessage(message: string): ReleaseChange | undefined {
  const verb = /^Helm (install|upgrade) succeeded\b/i.exec(message)?.[1]?.toLowerCase();
  if (verb === undefined) return undefined;
  return verb === 'install' ? installed : upgraded;
}

function printable(reason: string): string {
  return /^[A-Za-z0-9_-]{1,64}$/.test(reason) ? reason : 'this reason';
}

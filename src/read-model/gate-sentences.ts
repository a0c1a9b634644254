/** What a Pipeline asks for before a promotion, as sentences. */
import { type ApprovalSettings } from '../domain/approvals/approval-settings';
import { formatPipelineRef, type Hop } from '../domain/pipeline/pipeline';
import { type Window } from '../domain/windows/window';

export function gateSentences({ from, to, promotion, gates }: Hop): string[] {
  const {
    approvals,
    windows = [],
    soakMs = 0,
    promoteOn,
    dependsOn = [],
    stage,
    autoMerge,
    supersede,
  } = gates;
  return [
    ...(to.suspended === true ? [`Promotions into ${to.name} are suspended.`] : []),
    ...(promotion.manual ? ['A person approves each version.'] : []),
    ...(approvals === undefined ? [] : [approvalSentence(approvals)]),
    ...windows.map(windowSentence),
    ...(soakMs > 0 ? [`A version runs in ${from.name} for ${duration(soakMs)} first.`] : []),
    ...(promoteOn === 'tested' ? [`The Helm tests of the version have passed in ${from.name}.`] : []),
    ...dependsOn.map(
      ({ pipeline, environment, version }) =>
        `${formatPipelineRef(pipeline)} runs ${version} in ${environment}.`,
    ),
    ...(stage === 'merge' ? ['The pull request is opened before these gates are open.'] : []),
    ...(autoMerge === true ? ['Windlass merges the pull request.'] : []),
    ...(supersede === 'queue' ? ['A newer version waits behind one that acts.'] : []),
  ];
}

function approvalSentence({ required, users, groups, expiresAfterMs }: ApprovalSettings): string {
  const who = [...(users ?? []), ...(groups ?? []).map((group) => `the group ${group}`)];
  const people = required === 1 ? '1 person approves' : `${required} different people approve`;
  const of = who.length === 0 ? '' : `, of ${who.join(', ')}`;
  const expiry = expiresAfterMs === undefined ? '' : `; an approval counts for ${duration(expiresAfterMs)}`;
  return `${people} each version${of}${expiry}.`;
}

function windowSentence({ kind, schedule, durationMs, timeZone }: Window): string {
  const verb = kind === 'allow' ? 'Only in' : 'Not in';
  return `${verb} the window that begins at ${schedule} (${timeZone}) and lasts ${duration(durationMs)}.`;
}

/** As in the manifest: `1h30m`. */
function duration(ms: number): string {
  const parts: readonly [size: number, unit: string][] = [
    [3_600_000, 'h'],
    [60_000, 'm'],
    [1_000, 's'],
    [1, 'ms'],
  ];
  let left = ms;
  let text = '';
  for (const [size, unit] of parts) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) text += `${count}${unit}`;
  }
  return text === '' ? '0s' : text;
}

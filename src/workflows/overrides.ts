/** Takes the gates that people open for one promotion. The rules are in src/domain/approvals. */
import { setHandler } from '@temporalio/workflow';
import { type OverrideInput, readOverride } from '../domain/approvals/override';
import { notVouchedFor, thatCount } from '../domain/approvals/vouched';
import { overridableGates } from '../domain/gates/registry';
import { formatPipelineRef } from '../domain/pipeline/pipeline';
import { type GateOverride, type PromotionTask } from '../domain/promotion/promotion';
import { type AuditRecord } from '../domain/record/audit-record';
import { commandLine } from '../domain/shell';
import { refusal } from './approval';
import { overrideUpdate } from './contract/messages';

export interface Overrides {
  /** All that were sent. */
  readonly given: readonly GateOverride[];
  /** Those that count. Another list after each. */
  readonly counting: readonly GateOverride[];
  /** Those that count, since the last time. */
  take(): readonly GateOverride[];
  hasNew(): boolean;
}

export interface OverrideFacts {
  /** The promotion will end before it could heed one. */
  readonly isStopping: () => boolean;
  /** Only what the API vouches for counts. */
  readonly isVouched: () => boolean;
  /** Keeps what was decided for the lane. */
  readonly note: (record: AuditRecord) => void;
}

export function openOverrides(
  { pipeline, to, version, overridden = [] }: PromotionTask,
  { isStopping, isVouched, note }: OverrideFacts,
): Overrides {
  let given = overridden;
  let taken = given.length;
  const read = (input: unknown): OverrideInput => {
    const reading = readOverride(input, version, overridableGates);
    if (!reading.ok) throw refusal(reading.fault);
    return reading.override;
  };
  setHandler(
    overrideUpdate,
    (input) => {
      const { version: _, groups, from, key, ...opened } = read(input);
      const { gates, by, via, reason } = opened;
      const at = Date.now();
      given = [...given, { ...opened, at }];
      note({
        kind: 'gates-overridden',
        at,
        version,
        by,
        ...(groups === undefined ? {} : { groups }),
        ...(via === undefined ? {} : { via }),
        ...(from === undefined ? {} : { from }),
        detail: `${gates.join(', ')}: ${reason}`,
        ...(key === undefined ? {} : { key }),
      });
      return `Open for ${version} into ${to}: ${gates.join(', ')}.`;
    },
    {
      validator: (input) => {
        const { capability } = read(input);
        if (isStopping()) throw refusal('This promotion is about to end.');
        if (!isVouched() || capability !== undefined) return;
        throw refusal(notVouchedFor(commandLine(['override', formatPipelineRef(pipeline), to, version])));
      },
    },
  );
  return {
    get given() {
      return given;
    },
    get counting() {
      return thatCount(given, isVouched());
    },
    take() {
      const fresh = given.slice(taken);
      taken = given.length;
      return thatCount(fresh, isVouched());
    },
    hasNew: () => taken < given.length,
  };
}

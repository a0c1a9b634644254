/** What a dialog says before a person acts: pure. */
import { type Act, type Situation } from './act';
import { type Chosen, type Confirmation } from './confirmations/confirmation';
import { approve, cancel, override, reject, retry } from './confirmations/decisions';
import { freeze, resume, suspend, unfreeze } from './confirmations/holds';
import { promote, rollBack } from './confirmations/versions';

/** Of the buttons that open a dialog. */
export const actNames: Readonly<Record<Act['kind'], string>> = {
  approve: 'Approve',
  reject: 'Reject',
  override: 'Open gates',
  cancel: 'Cancel',
  retry: 'Retry',
  promote: 'Promote',
  rollback: 'Roll back',
  suspend: 'Suspend',
  resume: 'Resume',
  freeze: 'Freeze',
  unfreeze: 'End freeze',
};

export function confirmationOf(act: Act, situation: Situation, chosen: Chosen): Confirmation {
  switch (act.kind) {
    case 'approve':
      return approve(act, situation, chosen);
    case 'reject':
      return reject(act, situation, chosen);
    case 'override':
      return override(act, situation, chosen);
    case 'cancel':
      return cancel(act, situation, chosen);
    case 'retry':
      return retry(act, situation, chosen);
    case 'promote':
      return promote(act, situation, chosen);
    case 'rollback':
      return rollBack(act, situation, chosen);
    case 'suspend':
      return suspend(act, situation, chosen);
    case 'resume':
      return resume(act, situation, chosen);
    case 'freeze':
      return freeze(act, situation, chosen);
    case 'unfreeze':
      return unfreeze(act, situation, chosen);
  }
}

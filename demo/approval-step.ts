import { WorkflowUpdateFailedError } from '@temporalio/client';
import { type DecisionInput } from '../src/domain/approvals/decision';
import { gatesCheckName } from '../src/providers/port';
import { gatesCheck, laneSays, soon, unlessEnded } from './awaited';
import { enterPressed } from './enter-key';
import { type PullRequestRecord } from './forge/pull-request-record';
import { approve, approveCommand, type PromotionRun } from './promotion-run';
import { signedApproval } from './signed-approval';
import { type TourOptions } from './tour-options';

const approver = 'alice';

/** Waits until someone approves the version. */
export async function approved(
  options: TourOptions,
  promotion: PromotionRun,
  { number }: PullRequestRecord,
): Promise<void> {
  const { terminal, temporal, temporalAddress, keyFile, once } = options;
  const { to, version } = promotion;
  const pending = await soon(
    options,
    `the check ${gatesCheckName} is set`,
    gatesCheck(options, number, 'pending'),
  );
  terminal.fact(gatesCheckName, `pending: ${pending.description ?? ''}`);
  const sentence = `${to} waits for ${version}: 0 of 1 approval`;
  await soon(options, `the lane says: ${sentence}`, laneSays(options, to, sentence));

  const approval = await signedApproval(keyFile, promotion, approver);
  const green = unlessEnded(promotion, gatesCheck(options, number, 'success'));
  if (once) {
    terminal.fact('Approved', await approve(temporal, promotion, approval));
  } else {
    terminal.note(`To approve it as ${approver}, press Enter here, or run:`);
    for (const line of approveCommand(temporalAddress, promotion, approval)) terminal.line(`      ${line}`);
    if (await isEnterPressed(options, `${to} waits for an approval`, green)) {
      await approveOnEnter(options, promotion, approval);
    }
  }
  const { description } = await soon(options, `the check ${gatesCheckName} is green`, green);
  terminal.fact(gatesCheckName, `success: ${description ?? ''}`);
}

/** @returns false where the work was done before */
async function isEnterPressed(
  { terminal, keyboard }: TourOptions,
  label: string,
  work: Promise<unknown>,
): Promise<boolean> {
  const wait = new AbortController();
  const pressed = enterPressed(keyboard, wait.signal).then(() => true);
  const first = Promise.race([work.then(() => false), pressed]);
  return terminal.waiting(label, first).finally(() => wait.abort());
}

async function approveOnEnter(
  { terminal, temporal }: TourOptions,
  promotion: PromotionRun,
  approval: DecisionInput,
): Promise<void> {
  terminal.takeBackEnter();
  try {
    terminal.fact('Approved', await approve(temporal, promotion, approval));
  } catch (error) {
    // Someone else's approval came first.
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    terminal.note(error.cause?.message ?? error.message);
  }
}

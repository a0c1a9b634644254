import { formatPipelineRef } from '../src/domain/pipeline/pipeline';
import { gatesCheckName } from '../src/providers/port';
import { gatesCheck, laneSays, soon, unlessEnded } from './awaited';
import { enterComesFirst } from './enter-or-work';
import { fleet } from './demo-fleet';
import { type PromotionRun } from './promotion-run';
import { type DemoPullRequest } from './services/demo-service';
import { type TourOptions } from './tour-options';
import { type ApiLogin, commandLine, CommandRefused, runCommand } from './windlass-command';

/** Waits until someone approves the version. */
export async function approved(
  options: TourOptions,
  promotion: PromotionRun,
  { number }: DemoPullRequest,
): Promise<void> {
  const { terminal, login, once } = options;
  const { to, version } = promotion;
  const pending = await soon(
    options,
    `the check ${gatesCheckName} is set`,
    gatesCheck(options, number, 'pending'),
  );
  terminal.fact(gatesCheckName, `pending: ${pending.description ?? ''}`);
  const sentence = `${to} waits for ${version}: 0 of 1 approval`;
  await soon(options, `the lane says: ${sentence}`, laneSays(options, to, sentence));

  const approve = ['approve', formatPipelineRef(fleet.pipeline), to, version];
  const green = unlessEnded(promotion, gatesCheck(options, number, 'success'));
  if (once) {
    terminal.fact('Approved', await said(login, approve));
  } else {
    terminal.note('To approve it, use the dashboard, press Enter here, or run:');
    for (const line of commandLine(login, approve)) terminal.line(`      ${line}`);
    if (await enterComesFirst(options, `${to} waits for an approval`, green)) {
      await approveOnEnter(options, approve);
    }
  }
  const { description } = await soon(options, `the check ${gatesCheckName} is green`, green);
  terminal.fact(gatesCheckName, `success: ${description ?? ''}`);
}

async function approveOnEnter({ terminal, login }: TourOptions, approve: readonly string[]): Promise<void> {
  terminal.takeBackEnter();
  try {
    terminal.fact('Approved', await said(login, approve));
  } catch (error) {
    // Someone else's approval came first.
    if (!(error instanceof CommandRefused)) throw error;
    terminal.note(error.message);
  }
}

async function said(login: ApiLogin, act: readonly string[]): Promise<string> {
  const answer = JSON.parse(await runCommand(login, [...act, '--output=json'])) as { readonly said: string };
  return answer.said;
}

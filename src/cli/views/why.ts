import { isRequester } from '../../domain/approvals/requesters';
import { type Verb } from '../../domain/people/rights';
import { type PipelineDetails } from '../../operator/schemas/pipelines';
import { type PromotionDetails } from '../../operator/schemas/promotions';
import { type Style } from '../access/open-session';
import { section } from '../text/sections';
import { type Step } from './next-steps';
import { gateLines } from './promotion-details';

export interface Why {
  readonly environment: PipelineDetails['environments'][number];
  readonly gates: PromotionDetails['gates'];
  readonly steps: readonly Step[];
  /** The caller's name, and what they may do on this Pipeline. */
  readonly name: string;
  readonly allowed: readonly Verb[];
}

/** Why an environment is as it is: its sentence, each closed gate, who can do what next. */
export function explain({ environment, gates, steps, name, allowed }: Why, style: Style): string[] {
  const permitted = steps.filter(({ verb }) => verb === undefined || allowed.includes(verb));
  const inVain = permitted.filter(({ excluded }) => isRequester(name, { requesters: excluded ?? [] }));
  const mine = permitted.filter((step) => !inVain.includes(step));
  const others = steps.filter((step) => !permitted.includes(step));
  return [
    style.bold(environment.sentence),
    ...section('Reason', failureOf(environment)),
    // The sentence itself is no second reason.
    ...section('Closed gates', gateLines(gates.filter(({ says }) => says !== environment.sentence))),
    ...section(
      'You can',
      mine.flatMap((step) => stepLines(step, style)),
    ),
    ...section(
      'Someone else can (you asked for this version, wrote commits of it, or have approved it)',
      inVain.flatMap((step) => stepLines(step, style)),
    ),
    ...section(
      'Someone with more permissions can',
      others.flatMap((step) => stepLines(step, style)),
    ),
  ];
}

/** Of the promotion that failed last. */
function failureOf({ failed, last }: Why['environment']): string[] {
  const isIt = last !== undefined && last.version === failed?.version;
  return isIt && last.detail !== undefined ? [last.detail] : [];
}

function stepLines({ todo, verb, command }: Step, style: Style): string[] {
  const needs = verb === undefined ? '' : style.dim(` (permission ${verb})`);
  return [`${todo}${needs}`, ...(command === undefined ? [] : [`  ${style.cyan(command)}`])];
}

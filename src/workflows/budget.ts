/** The budget of one host and credential: the one place that grants requests. The rule is in src/domain/budget/budget.ts. */
import {
  ApplicationFailure,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { afterLapses, answerAsk, isIdle } from '../domain/budget/budget';
import { type BudgetState, emptyBudget } from '../domain/budget/budget-state';
import { faultOfAsk } from '../domain/budget/budget-message';
import { askBudgetUpdate, budgetQuery, type BudgetStart } from './contract/messages';

/** A timer for each ask would double the history. */
const idleLookMs = 15 * 60_000;

/** Runs while requests are made. */
export async function budget({ state: before = emptyBudget }: BudgetStart): Promise<void> {
  let state: BudgetState = before;
  let asks = 0;
  setHandler(budgetQuery, () => state);
  setHandler(
    askBudgetUpdate,
    (ask) => {
      asks += 1;
      const { state: next, answer } = answerAsk(state, ask, Date.now());
      state = next;
      return answer;
    },
    {
      validator: (ask: unknown) => {
        const fault = faultOfAsk(ask);
        if (fault !== undefined) throw ApplicationFailure.nonRetryable(fault);
      },
    },
  );
  for (let known = -1; known !== asks || !isIdle(state, Date.now());) {
    known = asks;
    setCurrentDetails(describe(state));
    if (await condition(() => workflowInfo().continueAsNewSuggested, idleLookMs)) {
      return continueAsNew<typeof budget>({ state });
    }
    state = afterLapses(state, Date.now());
  }
}

function describe({ window, silent }: BudgetState): string {
  if (window !== undefined) return `About ${window.remaining} of ${window.limit} requests remain.`;
  return silent === true ? 'The service does not say how many requests remain.' : 'No answer has come yet.';
}

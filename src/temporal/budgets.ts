import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import { type BudgetAnswer, type BudgetAsk } from '../domain/budget/budget-message';
import { budgetId, budgetTaskQueue, budgetWorkflow } from '../workflows/contract/ids';
import { askBudgetUpdate, type BudgetStart } from '../workflows/contract/messages';
import { summaryText } from '../workflows/contract/summary';

/** A credential on a host, without showing it. */
export interface BudgetName {
  readonly host: string;
  /** A digest. */
  readonly account: string;
}

/** Asks the budget of all workers. @throws when it does not answer in time, or cannot be reached */
export type AskBudget = (name: BudgetName, ask: BudgetAsk) => Promise<BudgetAnswer>;

/** Of an answer that takes milliseconds, where the machine is not busy; a promotion waits for it. */
const limitMs = 10_000;

/** Asks the budget's workflow, and starts it where none runs. */
export function createAskBudget(client: Client): AskBudget {
  return ({ host, account }, ask) => {
    const start: BudgetStart = {};
    const begun = new WithStartWorkflowOperation(budgetWorkflow, {
      taskQueue: budgetTaskQueue,
      workflowId: budgetId(host, account),
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [start],
      staticSummary: summaryText(`Requests to ${host}`),
    });
    return client.connection.withDeadline(Date.now() + limitMs, () =>
      client.workflow.executeUpdateWithStart(askBudgetUpdate, { args: [ask], startWorkflowOperation: begun }),
    );
  };
}

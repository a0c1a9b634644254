import { startTimeSkippingTemporal } from './time-skipping';
import { createWorkflowEnvironment, type WorkflowEnvironment } from './workflow-environment';

/** A namespace on a Temporal server of its own, which skips time; both end with it. */
export async function createTimeSkippingEnvironment(): Promise<WorkflowEnvironment> {
  const temporal = await startTimeSkippingTemporal();
  const environment = await createWorkflowEnvironment(temporal.address);
  return {
    ...environment,
    close: async () => {
      await environment.close();
      await temporal.close();
    },
  };
}

import { type Client, isGrpcServiceError } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { laneId } from '../workflows/contract/ids';
import { sha256Hex } from '../domain/names';
import { type PromotionCommands } from './promotion-commands';
import { listRunningPromotions } from './running-promotions';
import { reconsiderSignal, retrySignal } from '../workflows/contract/messages';

/** The timeout of all signals of one command; the caller retries. */
const limitMs = 10_000;
/** https://grpc.io/docs/guides/status-codes/ */
const grpcNotFound = 5;

/** Sends commands as signals; ignores promotions that have ended and lanes that do not exist. */
export function createPromotionCommands(client: Client): PromotionCommands {
  return {
    reconsider: (pipeline) =>
      client.connection.withDeadline(Date.now() + limitMs, async () => {
        for await (const { workflowId } of listRunningPromotions(client, pipeline)) {
          await ignoreNotFound(client.workflow.getHandle(workflowId).signal(reconsiderSignal));
        }
      }),

    retryFailed: (pipeline, environments, request) =>
      client.connection.withDeadline(Date.now() + limitMs, async () => {
        for (const environment of environments) {
          await ignoreNotFound(
            client.workflowService.signalWorkflowExecution({
              namespace: client.options.namespace,
              workflowExecution: { workflowId: laneId(pipeline, environment) },
              signalName: retrySignal.name,
              // The server uses it to drop the same request of another process.
              requestId: sha256Hex(request),
              identity: client.options.identity,
            }),
          );
        }
      }),
  };
}

async function ignoreNotFound(signal: Promise<unknown>): Promise<void> {
  try {
    await signal;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return;
    const code: number | undefined = isGrpcServiceError(error) ? error.code : undefined;
    if (code !== grpcNotFound) throw error;
  }
}

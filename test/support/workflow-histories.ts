import { type Client } from '@temporalio/client';

/** Everything that a namespace's histories hold, payloads decoded, as one text for each workflow. */
export async function workflowHistories(client: Client): Promise<ReadonlyMap<string, string>> {
  const histories = new Map<string, string>();
  for await (const { workflowId, runId } of client.workflow.list()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    histories.set(`${workflowId} ${runId}`, textOf(history));
  }
  return histories;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([key, field]) => `${key} ${textOf(field)}`)
    .join('\n');
}

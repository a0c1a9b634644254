/**
 * The metrics of Temporal's SDK that the dashboard, the alerts and the documentation name, as the worker has them exported:
 * https://docs.temporal.io/references/sdk-metrics. `test/e2e/metrics.test.ts` compares them with those of a worker.
 */
export const temporalSdkMetrics = {
  /** There once a promotion has run. */
  seen: [
    'temporal_request_latency_seconds',
    'temporal_sticky_cache_size',
    'temporal_worker_task_slots_available',
    'temporal_workflow_task_schedule_to_start_latency_seconds',
  ],
  /** There once something has failed. */
  failures: ['temporal_request_failure_total', 'temporal_workflow_task_execution_failed_total'],
} as const;

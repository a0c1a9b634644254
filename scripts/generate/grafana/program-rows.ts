/** The rows of the dashboard about the programs and what they call. */
import { type Row } from './panel';
import { increase, of, quantile, rate } from './queries';

export const providers: Row = {
  title: 'Git services and budgets',
  panelWidth: 8,
  panelHeight: 8,
  panels: [
    {
      title: 'Requests that remain',
      description: 'Until the next reset, as the Git service said last; of several tokens, the fewest.',
      kind: 'timeseries',
      unit: 'short',
      targets: [{ expr: `min by (host) (windlass_provider_requests_remaining${of})`, legend: '{{host}}' }],
    },
    {
      title: 'Waited for requests',
      description: 'Time that work waited for requests that the limits of a Git service allow.',
      kind: 'timeseries',
      unit: 's',
      targets: [
        { expr: quantile(0.5, 'windlass_provider_wait_seconds'), legend: 'median' },
        { expr: quantile(0.99, 'windlass_provider_wait_seconds'), legend: '99 %' },
      ],
    },
    {
      title: 'Duration of activities',
      description: 'The 90th percentile, with what they waited for.',
      kind: 'timeseries',
      unit: 's',
      targets: [
        { expr: quantile(0.9, 'windlass_activity_duration_seconds', ['activity']), legend: '{{activity}}' },
      ],
    },
  ],
};

export const temporal: Row = {
  title:
    "Temporal's SDK (needs --temporal-metrics-bind-address; the chart sets it with serviceMonitor.enabled)",
  panelWidth: 8,
  panelHeight: 8,
  panels: [
    {
      title: 'Failed requests to Temporal',
      description: 'By operation and gRPC status code.',
      kind: 'timeseries',
      unit: 'reqps',
      targets: [
        {
          expr: `sum by (operation, status_code) (${rate('temporal_request_failure_total')}) > 0`,
          legend: '{{operation}} {{status_code}}',
        },
      ],
    },
    {
      title: 'Latency of requests to Temporal',
      description: 'The 95th percentile, without long polls.',
      kind: 'timeseries',
      unit: 's',
      targets: [
        {
          expr: quantile(0.95, 'temporal_request_latency_seconds', ['operation']),
          legend: '{{operation}}',
        },
      ],
    },
    {
      title: 'Failed workflow tasks',
      description:
        'Workflows that cannot continue: NonDeterminismError after going back to an older version.',
      kind: 'timeseries',
      unit: 'short',
      targets: [
        {
          expr: `sum by (workflow_type, failure_reason) (${increase('temporal_workflow_task_execution_failed_total')}) > 0`,
          legend: '{{workflow_type}} {{failure_reason}}',
        },
      ],
    },
    {
      title: 'Workflow tasks wait for a worker',
      description: 'The 95th percentile. If it grows, run more workers.',
      kind: 'timeseries',
      unit: 's',
      targets: [
        {
          expr: quantile(0.95, 'temporal_workflow_task_schedule_to_start_latency_seconds', ['task_queue']),
          legend: '{{task_queue}}',
        },
      ],
    },
    {
      title: 'Free slots of workers',
      description: 'At 0, a worker takes no more work of that type.',
      kind: 'timeseries',
      unit: 'short',
      targets: [
        {
          expr: `min by (worker_type, task_queue) (temporal_worker_task_slots_available${of})`,
          legend: '{{worker_type}} {{task_queue}}',
        },
      ],
    },
    {
      title: 'Workflows in memory',
      description: 'What is not in memory is replayed from its history with its next task.',
      kind: 'timeseries',
      unit: 'short',
      targets: [{ expr: `sum by (task_queue) (temporal_sticky_cache_size${of})`, legend: '{{task_queue}}' }],
    },
  ],
};

export const api: Row = {
  title: 'Webhook, API and processes',
  panelWidth: 8,
  panelHeight: 8,
  panels: [
    {
      title: 'Requests to the webhook',
      description: 'By answer. docs/reference/outcomes.md says what to do for each.',
      kind: 'timeseries',
      unit: 'reqps',
      stacked: true,
      targets: [
        {
          expr: `sum by (code, reason) (${rate('windlass_webhook_requests_total')}) > 0`,
          legend: '{{code}} {{reason}}',
        },
      ],
    },
    {
      title: 'Latency of the webhook',
      description: 'Flux gives up after 15 s.',
      kind: 'timeseries',
      unit: 's',
      targets: [
        { expr: quantile(0.5, 'windlass_webhook_request_duration_seconds'), legend: 'median' },
        { expr: quantile(0.99, 'windlass_webhook_request_duration_seconds'), legend: '99 %' },
      ],
    },
    {
      title: 'Requests to the API',
      description: 'By route and answer.',
      kind: 'timeseries',
      unit: 'reqps',
      stacked: true,
      targets: [
        {
          expr: `sum by (route, code) (${rate('windlass_api_requests_total')}) > 0`,
          legend: '{{route}} {{code}}',
        },
      ],
    },
    {
      title: 'Latency of the API',
      description: 'The 95th percentile of each route, without event streams.',
      kind: 'timeseries',
      unit: 's',
      targets: [
        { expr: quantile(0.95, 'windlass_api_request_duration_seconds', ['route']), legend: '{{route}}' },
      ],
    },
    {
      title: 'Open event streams',
      description: 'Dashboards and command lines that watch.',
      kind: 'timeseries',
      unit: 'short',
      targets: [{ expr: `sum(windlass_api_event_streams${of})`, legend: 'streams' }],
    },
    {
      title: 'CPU of the processes',
      description: 'Cores.',
      kind: 'timeseries',
      unit: 'short',
      targets: [
        {
          expr: `${rate('process_cpu_seconds_total')} and on (job, instance) windlass_build_info${of}`,
          legend: '{{instance}}',
        },
      ],
    },
    {
      title: 'Memory of the processes',
      description: 'Without Git processes that they start.',
      kind: 'timeseries',
      unit: 'bytes',
      targets: [
        {
          expr: `process_resident_memory_bytes${of} and on (job, instance) windlass_build_info${of}`,
          legend: '{{instance}}',
        },
      ],
    },
    {
      title: 'Delay of the event loop',
      description: 'The 99th percentile: how long a process answers nothing.',
      kind: 'timeseries',
      unit: 's',
      targets: [
        {
          expr: `nodejs_eventloop_lag_p99_seconds${of} and on (job, instance) windlass_build_info${of}`,
          legend: '{{instance}}',
        },
      ],
    },
  ],
};

/** The rows of the dashboard about promotions. Their metrics are described in docs/operations.md. */
import { type Row } from './panel';
import { inAll, increase, of, quantile, where } from './queries';

export const lookFirst: Row = {
  title: 'What to look at first',
  panelWidth: 3,
  panelHeight: 4,
  panels: [
    {
      title: 'api',
      description: 'Processes that serve the webhook. Without one, events of Flux are lost.',
      kind: 'stat',
      unit: 'none',
      targets: [{ expr: `count(windlass_build_info${where('component="api"')}) or vector(0)` }],
      errorBelow: 1,
    },
    {
      title: 'worker',
      description: 'Processes that run promotions. Without one, events wait.',
      kind: 'stat',
      unit: 'none',
      targets: [{ expr: `count(windlass_build_info${where('component="worker"')}) or vector(0)` }],
      errorBelow: 1,
    },
    {
      title: 'Temporal',
      description: '1 if Temporal answers every process, 0 if it does not answer one.',
      kind: 'stat',
      unit: 'none',
      targets: [{ expr: `min(windlass_temporal_up${of})` }],
      errorBelow: 1,
    },
    {
      title: 'Oldest unhandled event',
      description:
        'Age of the oldest event that is acknowledged but not handled. It grows while no worker runs.',
      kind: 'stat',
      unit: 's',
      targets: [{ expr: `max(windlass_oldest_unhandled_event_age_seconds${of})` }],
      thresholds: { warning: 60, error: 300 },
    },
    {
      title: 'Failed promotions',
      description:
        'Promotions that failed or are quarantined, in the selected time. windlass why says the reason.',
      kind: 'stat',
      unit: 'none',
      targets: [
        {
          expr: `round(sum(${increase('windlass_promotions_total', 'result=~"failed|quarantined"', inAll)}))`,
        },
      ],
      thresholds: { error: 1 },
    },
    {
      title: 'Wait for approval',
      description: 'Promotions that people must approve.',
      kind: 'stat',
      unit: 'none',
      targets: [{ expr: `max(windlass_promotions_waiting${where('state="waiting-for-approval"')})` }],
      thresholds: { warning: 1 },
    },
    {
      title: 'Open pull requests',
      description: 'Pull requests with open gates: they wait for their merge.',
      kind: 'stat',
      unit: 'none',
      targets: [{ expr: `max(windlass_pull_requests_open${of})` }],
    },
    {
      title: 'Freezes in force',
      description: 'Freezes that hold promotions now.',
      kind: 'stat',
      unit: 'none',
      targets: [{ expr: `max(sum by (instance) (windlass_freezes_in_force${where('kind="freeze"')}))` }],
      thresholds: { warning: 1 },
    },
  ],
};

export const promotions: Row = {
  title: 'Promotions',
  panelWidth: 12,
  panelHeight: 8,
  panels: [
    {
      title: 'Completed promotions',
      description: 'How promotions ended.',
      kind: 'timeseries',
      unit: 'short',
      stacked: true,
      targets: [
        { expr: `sum by (result) (${increase('windlass_promotions_total')}) > 0`, legend: '{{result}}' },
      ],
    },
    {
      title: 'Lead time',
      description: 'From the event until all targets run the version: median and 90th percentile.',
      kind: 'bargauge',
      unit: 's',
      targets: [
        {
          expr: quantile(0.5, 'windlass_promotion_lead_time_seconds', ['environment'], inAll),
          legend: '{{environment}} median',
        },
        {
          expr: quantile(0.9, 'windlass_promotion_lead_time_seconds', ['environment'], inAll),
          legend: '{{environment}} 90 %',
        },
      ],
    },
    {
      title: 'Median time of each step',
      description:
        'Propose: from the event to the pull request. Merge: to its merge. Deploy: until all targets run it.',
      kind: 'bargauge',
      unit: 's',
      targets: [
        {
          expr: quantile(0.5, 'windlass_promotion_step_duration_seconds', ['environment', 'step'], inAll),
          legend: '{{environment}} {{step}}',
        },
      ],
    },
    {
      title: 'Completed promotions of each Pipeline',
      description:
        'Needs the metrics by Pipeline: --metrics-by-pipeline, or metrics.byPipeline of the chart.',
      kind: 'timeseries',
      unit: 'short',
      stacked: true,
      targets: [
        {
          expr: `topk(20, sum by (pipeline, result) (${increase('windlass_pipeline_promotions_total')}) > 0)`,
          legend: '{{pipeline}} {{result}}',
        },
      ],
    },
    {
      title: 'Lead time of each Pipeline',
      description:
        'The 20 slowest, the 90th percentile. Needs the metrics by Pipeline: --metrics-by-pipeline, or metrics.byPipeline of the chart.',
      kind: 'bargauge',
      unit: 's',
      targets: [
        {
          expr: `topk(20, ${quantile(0.9, 'windlass_pipeline_lead_time_seconds', ['pipeline', 'environment'], inAll)})`,
          legend: '{{pipeline}} {{environment}}',
        },
      ],
    },
  ],
};

/** The rows of the dashboard about what waits and what fails. Their metrics are described in docs/operations.md. */
import { type Row } from './panel';
import { increase, of } from './queries';

export const waiting: Row = {
  title: 'Waiting',
  panelWidth: 12,
  panelHeight: 8,
  panels: [
    {
      title: 'Promotions that wait',
      description: 'By what they wait for. Each worker reports the same.',
      kind: 'timeseries',
      unit: 'short',
      stacked: true,
      targets: [{ expr: `max by (state) (windlass_promotions_waiting${of})`, legend: '{{state}}' }],
    },
    {
      title: 'Oldest promotion that waits',
      description: 'Age of the oldest one, from its event.',
      kind: 'bargauge',
      unit: 's',
      targets: [
        {
          expr: `max by (state) (windlass_promotions_waiting_oldest_seconds${of}) > 0`,
          legend: '{{state}}',
        },
      ],
    },
    {
      title: 'Freezes and suspensions in force',
      description: 'One without an end may be forgotten.',
      kind: 'timeseries',
      unit: 'short',
      targets: [
        {
          expr: `max by (kind, end) (windlass_freezes_in_force${of})`,
          legend: '{{kind}}, end {{end}}',
        },
      ],
    },
    {
      title: 'Failed look-ups of what waits',
      description: 'While they fail, the figures about what waits are old.',
      kind: 'timeseries',
      unit: 'short',
      targets: [{ expr: `sum(${increase('windlass_promotions_waiting_errors_total')})`, legend: 'failed' }],
    },
  ],
};

export const failures: Row = {
  title: 'Failures and exceptions',
  panelWidth: 12,
  panelHeight: 8,
  panels: [
    {
      title: 'Failed attempts',
      description:
        'By failure code; they are retried. docs/reference/outcomes.md says what to do for each code.',
      kind: 'timeseries',
      unit: 'short',
      stacked: true,
      targets: [
        {
          expr: `sum by (code) (${increase('windlass_promotion_failed_attempts_total')}) > 0`,
          legend: '{{code}}',
        },
      ],
    },
    {
      title: 'Failed activities',
      description:
        'Everything that a worker does outside of itself: attempts, looks at pull requests, comments.',
      kind: 'timeseries',
      unit: 'short',
      stacked: true,
      targets: [
        {
          expr: `sum by (activity) (${increase('windlass_activity_duration_seconds_count', 'result="failed"')}) > 0`,
          legend: '{{activity}}',
        },
      ],
    },
    {
      title: 'Around the gates',
      description:
        'Gates that people opened for one promotion, and pull requests merged while gates were closed.',
      kind: 'timeseries',
      unit: 'short',
      targets: [
        {
          expr: `sum by (gate) (${increase('windlass_gates_overridden_total')}) > 0`,
          legend: 'opened: {{gate}}',
        },
        {
          expr: `sum(${increase('windlass_merges_outside_gates_total')})`,
          legend: 'merged outside gates',
        },
      ],
    },
    {
      title: 'Events that were not promoted',
      description: 'Accepted events that a lane dropped, by reason.',
      kind: 'timeseries',
      unit: 'short',
      stacked: true,
      targets: [
        {
          expr: `sum by (reason) (${increase('windlass_lane_dropped_events_total')}) > 0`,
          legend: '{{reason}}',
        },
      ],
    },
  ],
};

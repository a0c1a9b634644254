/**
 * For each alert, what it fires on and what it does not: series in promtool's notation, one value a minute from the first
 * one on (https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/).
 */

type SeriesValues = Readonly<Record<string, string>>;

interface Fires {
  readonly series: SeriesValues;
  readonly at: string;
  /** Of the alert, besides its severity. */
  readonly labels: Readonly<Record<string, string>>;
  /** Where the summary shows the value: the text. */
  readonly value?: string;
}

interface Silent {
  readonly because: string;
  readonly series: SeriesValues;
  readonly at: string;
}

export interface AlertScenarios {
  /** Between two values. Default: 1m */
  readonly interval?: string;
  readonly fires: readonly Fires[];
  readonly silent: readonly Silent[];
}

const webhook = (code: string, reason: string): string =>
  `windlass_webhook_requests_total{code="${code}",reason="${reason}"}`;
const promotions = (result: string): string =>
  `windlass_promotions_total{result="${result}",strategy="pull-request"}`;
const attempts = (code: string): string =>
  `windlass_promotion_failed_attempts_total{code="${code}",strategy="pull-request",namespace="windlass"}`;
const stuck =
  'temporal_workflow_task_execution_failed_total{workflow_type="lane",failure_reason="NonDeterminismError",namespace="default"}';
const waits = (state: string): string =>
  `windlass_promotions_waiting_oldest_seconds{state="${state}",namespace="windlass"}`;
const openPullRequests = 'windlass_pull_requests_open{namespace="windlass"}';
const looks =
  'windlass_activity_duration_seconds_count{activity="lookAtPullRequests",result="succeeded",namespace="windlass"}';
const freezes = (kind: string, end: string): string =>
  `windlass_freezes_in_force{kind="${kind}",end="${end}",namespace="windlass"}`;

const absence = (component: 'api' | 'worker', other: 'api' | 'worker'): AlertScenarios => ({
  fires: [
    {
      series: { [`windlass_build_info{component="${other}"}`]: '1x10' },
      at: '6m',
      labels: { component },
    },
  ],
  silent: [
    {
      because: 'one of two runs',
      series: { [`windlass_build_info{component="${component}",pod="b"}`]: '1x10' },
      at: '10m',
    },
    { because: 'it is being replaced', series: {}, at: '4m' },
  ],
});

export const alertScenarios: Readonly<Record<string, AlertScenarios>> = {
  WindlassApiAbsent: absence('api', 'worker'),
  WindlassWorkerAbsent: absence('worker', 'api'),
  WindlassTemporalUnreachable: {
    fires: [{ series: { windlass_temporal_up: '1 0x10' }, at: '7m', labels: {} }],
    silent: [{ because: 'it answers again', series: { windlass_temporal_up: '1 0x3 1x10' }, at: '8m' }],
  },
  WindlassUnavailable: {
    fires: [
      {
        series: { [webhook('503', 'unavailable')]: '0x5 1x5' },
        at: '7m',
        labels: { code: '503', reason: 'unavailable' },
      },
    ],
    silent: [
      { because: 'events are accepted', series: { [webhook('202', 'accepted')]: '0+5x20' }, at: '15m' },
      { because: 'it was an hour ago', series: { [webhook('503', 'unavailable')]: '0x5 1x80' }, at: '70m' },
    ],
  },
  WindlassRefusesEvents: {
    fires: [
      {
        series: { [webhook('401', 'unauthorized')]: '0x5 1x5' },
        at: '7m',
        labels: { code: '401', reason: 'unauthorized' },
      },
    ],
    silent: [
      { because: 'events are accepted', series: { [webhook('202', 'accepted')]: '0+5x20' }, at: '15m' },
    ],
  },
  WindlassEventsWait: {
    fires: [{ series: { windlass_oldest_unhandled_event_age_seconds: '0+60x15' }, at: '12m', labels: {} }],
    silent: [
      {
        because: 'the event is handled',
        series: { windlass_oldest_unhandled_event_age_seconds: '0+100x5 0x10' },
        at: '12m',
      },
    ],
  },
  WindlassWorkflowsStuck: {
    fires: [
      {
        series: { [stuck]: '0+1x40' },
        at: '20m',
        labels: { workflow_type: 'lane', failure_reason: 'NonDeterminismError' },
      },
    ],
    silent: [{ because: 'it failed once', series: { [stuck]: '0x5 1x40' }, at: '22m' }],
  },
  WindlassPromotionFailed: {
    fires: [
      {
        series: { [promotions('failed')]: '0x5 1x5' },
        at: '7m',
        labels: { result: 'failed', strategy: 'pull-request' },
      },
      {
        series: { [promotions('quarantined')]: '_x5 1x5' },
        at: '7m',
        labels: { result: 'quarantined', strategy: 'pull-request' },
      },
    ],
    silent: [
      { because: 'a worker has just started', series: { [promotions('failed')]: '_x5 0x5' }, at: '7m' },
      { because: 'it failed long ago', series: { [promotions('failed')]: '3x60' }, at: '30m' },
      { because: 'it was deployed', series: { [promotions('deployed')]: '0+1x20' }, at: '15m' },
    ],
  },
  WindlassAttemptsFail: {
    fires: [
      {
        series: { [attempts('network')]: '0+1x60' },
        at: '30m',
        labels: { namespace: 'windlass', code: 'network' },
      },
    ],
    silent: [
      { because: 'one promotion was retried', series: { [attempts('network')]: '0x5 1 2 3x40' }, at: '30m' },
      { because: 'it is a rate limit', series: { [attempts('rate-limited')]: '0+1x60' }, at: '40m' },
    ],
  },
  WindlassCredentialsRejected: {
    fires: [
      {
        series: { [attempts('bad-credentials')]: '0x5 1x5' },
        at: '7m',
        labels: { namespace: 'windlass', code: 'bad-credentials' },
      },
    ],
    silent: [{ because: 'it is the network', series: { [attempts('network')]: '0+1x20' }, at: '15m' }],
  },
  WindlassProviderLimitExhausted: {
    fires: [
      { series: { [attempts('rate-limited')]: '0+1x60' }, at: '45m', labels: { namespace: 'windlass' } },
    ],
    silent: [{ because: 'it was short', series: { [attempts('rate-limited')]: '0+1x9 9x60' }, at: '60m' }],
  },
  WindlassPullRequestsNotFollowed: {
    fires: [
      {
        series: { [openPullRequests]: '2x300', [looks]: '5x300' },
        at: '130m',
        labels: { namespace: 'windlass' },
      },
    ],
    silent: [
      {
        because: 'it looks once an hour',
        series: { [openPullRequests]: '2x300', [looks]: '0x59 1x59 2x59 3x59 4x59' },
        at: '290m',
      },
      { because: 'none is open', series: { [openPullRequests]: '0x300', [looks]: '5x300' }, at: '290m' },
    ],
  },
  WindlassMergedOutsideGates: {
    fires: [{ series: { windlass_merges_outside_gates_total: '0x5 1x5' }, at: '7m', labels: {} }],
    silent: [
      { because: 'it was before', series: { windlass_merges_outside_gates_total: '1x30' }, at: '20m' },
    ],
  },
  WindlassApprovalsWait: {
    fires: [
      {
        series: { [waits('waiting-for-approval')]: '259201x5' },
        at: '1m',
        labels: { namespace: 'windlass' },
        value: '3d 0h 0m 1s',
      },
    ],
    silent: [
      { because: 'it is a review', series: { [waits('pull-request')]: '900000x5' }, at: '1m' },
      { because: 'it has been two days', series: { [waits('waiting-for-approval')]: '172800x5' }, at: '1m' },
    ],
  },
  WindlassFreezeForgotten: {
    interval: '1h',
    fires: [
      { series: { [freezes('freeze', 'open')]: '1x200' }, at: '170h', labels: { namespace: 'windlass' } },
    ],
    silent: [
      { because: 'it is new', series: { [freezes('freeze', 'open')]: '1x200' }, at: '100h' },
      {
        because: 'there was a break',
        series: { [freezes('freeze', 'open')]: '1x100 0x5 1x100' },
        at: '200h',
      },
      { because: 'its end is set', series: { [freezes('freeze', 'set')]: '1x200' }, at: '170h' },
      { because: 'it is a suspension', series: { [freezes('suspension', 'open')]: '1x200' }, at: '170h' },
    ],
  },
  WindlassWaitingUnknown: {
    fires: [{ series: { windlass_promotions_waiting_errors_total: '0+1x60' }, at: '31m', labels: {} }],
    silent: [
      {
        because: 'one look failed',
        series: { windlass_promotions_waiting_errors_total: '0x5 1x50' },
        at: '20m',
      },
    ],
  },
};

/** Parts of the dashboard's queries in PromQL. */

/** Only the installations that the variables select. */
export const of = '{job=~"$job"}';
export const where = (labels: string): string => `{job=~"$job",${labels}}`;
export const rate = (metric: string, labels = ''): string =>
  `rate(${metric}${labels === '' ? of : where(labels)}[$__rate_interval])`;
export const increase = (metric: string, labels = '', range = '$__rate_interval'): string =>
  `increase(${metric}${labels === '' ? of : where(labels)}[${range}])`;
export const quantile = (
  q: number,
  histogram: string,
  by: readonly string[] = [],
  range = '$__rate_interval',
) =>
  `histogram_quantile(${q}, sum by (${['le', ...by].join(', ')}) (increase(${histogram}_bucket${of}[${range}])))`;
/** Promotions are few: what is shown is of the selected time. */
export const inAll = '$__range';

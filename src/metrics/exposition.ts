/**
 * Writes the metrics of a registry as text, in the format that the scraper prefers:
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
import { Registry } from 'prom-client';
import { type MetricsRegistry } from './registry';

export type ExpositionFormat = 'openmetrics' | 'text';

/** The value of the header `Content-Type`. */
export const contentTypes: Readonly<Record<ExpositionFormat, string>> = {
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
  text: Registry.PROMETHEUS_CONTENT_TYPE,
};

interface Exemplar {
  readonly labelSet: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** Seconds since the epoch. */
  readonly timestamp: number;
}

/** What prom-client has for a metric, with the exemplars that its types leave out. */
interface CollectedMetric {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly {
    readonly value: number;
    readonly labels: Readonly<Record<string, string | number>>;
    /** Absent: that of the metric. */
    readonly metricName?: string;
    readonly exemplar?: Exemplar | null;
  }[];
}

/**
 * All metrics as text. The names of series and labels are the same in both formats, so that nothing changes in Prometheus
 * when it negotiates the other one.
 */
export async function expose(registry: MetricsRegistry, format: ExpositionFormat): Promise<string> {
  const metrics = registry.getMetricsAsArray() as unknown as readonly { get(): Promise<CollectedMetric> }[];
  const collected = await Promise.all(metrics.map((metric) => metric.get()));
  const text = collected.map((metric) => describeMetric(metric, format)).join('');
  return format === 'openmetrics' ? `${text}# EOF\n` : text;
}

function describeMetric({ name, help, type, values }: CollectedMetric, format: ExpositionFormat): string {
  const isCounter = type === 'counter';
  const base = isCounter ? name.replace(/_total$/, '') : name;
  const series = isCounter ? `${base}_total` : name;
  // In OpenMetrics, `_total` belongs to the sample and not to the metric.
  const family = format === 'openmetrics' ? base : series;
  const lines = [`# HELP ${family} ${escapeHelp(help, format)}`, `# TYPE ${family} ${type}`];
  for (const { value, labels, metricName = series, exemplar } of values) {
    const shown = format === 'openmetrics' && exemplar ? ` # ${formatExemplar(exemplar)}` : '';
    lines.push(`${isCounter ? series : metricName}${formatLabels(labels)} ${formatNumber(value)}${shown}`);
  }
  return `${lines.join('\n')}\n`;
}

function formatExemplar({ labelSet, value, timestamp }: Exemplar): string {
  return `${formatLabels(labelSet)} ${formatNumber(value)} ${timestamp}`;
}

function formatLabels(labels: Readonly<Record<string, string | number>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(String(value))}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeValue(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

function escapeHelp(text: string, format: ExpositionFormat): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return format === 'openmetrics' ? escaped.replaceAll('"', '\\"') : escaped;
}

function formatNumber(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}

/**
 * The format of the answer: OpenMetrics only where the scraper asks for it, and prefers no text.
 * @param accept the header of the request: https://www.rfc-editor.org/rfc/rfc9110#name-accept
 */
export function negotiateFormat(accept: string | undefined): ExpositionFormat {
  let [openMetrics, text] = [0, 0];
  for (const range of (accept ?? '').toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    const valueOf = (name: string) =>
      parameters.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
    const weight = weightOf(valueOf('q'));
    if (type === 'application/openmetrics-text') {
      if ((valueOf('version') ?? '1.0.0') === '1.0.0') openMetrics = Math.max(openMetrics, weight);
    } else if (['text/plain', 'text/*', '*/*'].includes(type)) text = Math.max(text, weight);
  }
  return openMetrics > 0 && openMetrics >= text ? 'openmetrics' : 'text';
}

function weightOf(q: string | undefined): number {
  const weight = Number(q ?? '1');
  return weight >= 0 && weight <= 1 ? weight : 0;
}

import { Counter, Gauge, Histogram } from 'prom-client';
import { expose, negotiateFormat } from '../../../src/metrics/exposition';
import { exemplarOf } from '../../../src/metrics/measured-trace';
import { createRegistry } from '../../../src/metrics/registry';

const trace = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

function measured() {
  const registry = createRegistry();
  const registers = [registry];
  const requests = new Counter({
    name: 'requests_total',
    help: 'Says "a\\b"\nand more.',
    labelNames: ['path'],
    enableExemplars: true,
    registers,
  });
  requests.inc({ labels: { path: 'a"b\\c\nd' }, value: 2, ...exemplarOf(trace) });
  const age = new Gauge({ name: 'age_seconds', help: 'Age.', labelNames: ['of'], registers });
  age.set({ of: 'none' }, Number.NaN);
  age.set({ of: 'ever' }, Infinity);
  age.set({ of: 'negative' }, -Infinity);
  const took = new Histogram({
    name: 'took_seconds',
    help: 'Took.',
    labelNames: ['code'],
    buckets: [0.1, 1],
    enableExemplars: true,
    registers,
  });
  took.observe({ labels: { code: '200' }, value: 0.5, ...exemplarOf(trace) });
  took.observe({ labels: { code: '200' }, value: 0.05 });
  return registry;
}

/** Their times are those of the test. */
const withoutTimes = (text: string) => text.replaceAll(/(# \{.*\} [\d.]+) [\d.]+$/gm, '$1 TIME');

it("writes Prometheus's text without exemplars", async () => {
  expect(await expose(measured(), 'text')).toBe(`# HELP requests_total Says "a\\\\b"\\nand more.
# TYPE requests_total counter
requests_total{path="a\\"b\\\\c\\nd"} 2
# HELP age_seconds Age.
# TYPE age_seconds gauge
age_seconds{of="none"} NaN
age_seconds{of="ever"} +Inf
age_seconds{of="negative"} -Inf
# HELP took_seconds Took.
# TYPE took_seconds histogram
took_seconds_bucket{le="0.1",code="200"} 1
took_seconds_bucket{le="1",code="200"} 2
took_seconds_bucket{le="+Inf",code="200"} 2
took_seconds_sum{code="200"} 0.55
took_seconds_count{code="200"} 2
`);
});

it('writes OpenMetrics with the trace of each value that has one, and its end', async () => {
  const shown = `# {trace_id="${trace.traceId}",span_id="${trace.spanId}"}`;
  expect(withoutTimes(await expose(measured(), 'openmetrics')))
    .toBe(`# HELP requests Says \\"a\\\\b\\"\\nand more.
# TYPE requests counter
requests_total{path="a\\"b\\\\c\\nd"} 2 ${shown} 2 TIME
# HELP age_seconds Age.
# TYPE age_seconds gauge
age_seconds{of="none"} NaN
age_seconds{of="ever"} +Inf
age_seconds{of="negative"} -Inf
# HELP took_seconds Took.
# TYPE took_seconds histogram
took_seconds_bucket{le="0.1",code="200"} 1
took_seconds_bucket{le="1",code="200"} 2 ${shown} 0.5 TIME
took_seconds_bucket{le="+Inf",code="200"} 2
took_seconds_sum{code="200"} 0.55
took_seconds_count{code="200"} 2
# EOF
`);
});

it('one format after the other does not change a name', async () => {
  const registry = measured();
  const before = await expose(registry, 'text');
  await expose(registry, 'openmetrics');
  expect(await expose(registry, 'text')).toBe(before);
});

it.each<[string, string | undefined, 'openmetrics' | 'text']>([
  ['nothing', undefined, 'text'],
  ['what curl sends', '*/*', 'text'],
  [
    'what Prometheus 2 sends',
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    'openmetrics',
  ],
  [
    'what Prometheus 3 sends',
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1',
    'openmetrics',
  ],
  ['a version that there is not', 'application/openmetrics-text;version=2.0.0', 'text'],
  ['text rather than OpenMetrics', 'application/openmetrics-text;q=0.4, text/plain; q=0.5', 'text'],
  ['no OpenMetrics', 'application/openmetrics-text;q=0, text/html', 'text'],
  ['a weight that is not a number', 'application/openmetrics-text;q=x', 'text'],
])('to %s it answers in the format that the scraper prefers', (_what, accept, format) => {
  expect(negotiateFormat(accept)).toBe(format);
});

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { alertScenarios, type AlertScenarios } from './alert-scenarios';
import { chart } from './helm';
import { promtool } from './promtool';

const file = path.join(chart, 'alerts.yaml');

interface Alert {
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

let alerts: readonly Alert[];
let directory: string;
beforeAll(async () => {
  const { groups } = parse(await readFile(file, 'utf8')) as { groups: { rules: Alert[] }[] };
  alerts = groups.flatMap(({ rules }) => rules);
  directory = await mkdtemp(path.join(tmpdir(), 'windlass-alerts-'));
});
afterAll(() => rm(directory, { recursive: true }));

function summary(alert: Alert, labels: Readonly<Record<string, string>>, value = ''): string {
  return alert.annotations['summary']!.replaceAll(
    /\{\{ \$labels\.(\w+) \}\}/g,
    (_, name: string) => labels[name] ?? '',
  ).replaceAll(/\{\{ \$value.*? \}\}/g, value);
}

/** In the format of `promtool test rules`. */
function testsOf(alert: Alert, { interval = '1m', fires, silent }: AlertScenarios): object[] {
  const { alert: alertname } = alert;
  const test = (name: string, series: Readonly<Record<string, string>>, at: string, expected: object[]) => ({
    name: `${alertname}: ${name}`,
    interval,
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    alert_rule_test: [{ eval_time: at, alertname, exp_alerts: expected }],
  });
  return [
    ...fires.map(({ series, at, labels, value }) =>
      test('fires', series, at, [
        {
          exp_labels: { ...alert.labels, ...labels },
          exp_annotations: { summary: summary(alert, labels, value) },
        },
      ]),
    ),
    ...silent.map(({ because, series, at }) => test(because, series, at, [])),
  ];
}

it('Prometheus accepts the rules', async () => {
  expect(await promtool('check', 'rules', file)).toContain(`SUCCESS: ${alerts.length} rules found`);
});

/** A file of its own for each alert: promtool evaluates every rule of a file for the whole time. */
async function testFileOf(alert: Alert): Promise<string> {
  const scenarios = alertScenarios[alert.alert]!;
  const rules = path.join(directory, `${alert.alert}.yaml`);
  await writeFile(rules, stringify({ groups: [{ name: 'windlass', rules: [alert] }] }));
  const testFile = path.join(directory, `${alert.alert}.test.yaml`);
  const { interval: evaluation_interval = '1m' } = scenarios;
  await writeFile(
    testFile,
    stringify({ rule_files: [rules], evaluation_interval, tests: testsOf(alert, scenarios) }),
  );
  return testFile;
}

it('each alert fires on what it is for, and on nothing that only looks like it', async () => {
  const files = await Promise.all(alerts.map(testFileOf));
  expect(await promtool('test', 'rules', ...files)).toContain('SUCCESS');
});

it('each alert has cases in which it fires and in which it does not, and there are no others', () => {
  expect(Object.keys(alertScenarios)).toEqual(alerts.map(({ alert }) => alert));
  for (const { fires, silent } of Object.values(alertScenarios)) {
    expect(fires.length).toBeGreaterThan(0);
    expect(silent.length).toBeGreaterThan(0);
  }
});

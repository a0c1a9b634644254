import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { codeBlocks, page, tableBelow } from '../unit/docs/pages';
import { chart, leastValues, render, type Values } from './helm';
import { component, find, serviceSpec } from './manifests';
import { configOf } from './program';
import { valueLeaves } from '../../scripts/generate/value-leaves';

const umbrellaPage = page('docs/kubernetes/umbrella-values.md');
const [before, after] = codeBlocks(umbrellaPage)
  .filter(({ language }) => language === 'yaml')
  .map(({ text }) => parse(text) as Values);

interface UmbrellaValues {
  readonly spec: {
    readonly values: { readonly enablePipelines: boolean; readonly 'pipeline-controller': Values };
  };
}

const nested = (before as unknown as UmbrellaValues).spec.values['pipeline-controller'];

const chartValues = parse(readFileSync(path.join(chart, 'values.yaml'), 'utf8')) as Values;

describe("Weave GitOps Enterprise's umbrella values on the page", () => {
  it('are all there once lifted, and mean what they meant', () => {
    expect(Object.fromEntries(valueLeaves(after))).toMatchObject(Object.fromEntries(valueLeaves(nested)));
  });

  it('install Windlass once lifted, where in-cluster URLs look for it', async () => {
    const { manifests } = await render(after, { namespace: 'flux-system' });
    const service = 'weave-gitops-enterprise-pipeline-controller-promotion';
    expect(serviceSpec(manifests, service).ports).toMatchObject([{ port: 8082 }]);
    expect(find(manifests, 'Ingress', service).spec).toMatchObject({
      ingressClassName: 'nginx',
      rules: [{ host: 'promotions.example.org' }],
    });
    expect(configOf(component(manifests, 'worker')).retry).toEqual({
      delayMs: 2_000,
      maxDelayMs: 15_000,
      threshold: 6,
    });
  });

  it('are refused as they were, with what to do', async () => {
    const { values } = (before as unknown as UmbrellaValues).spec;
    await expect(render({ ...leastValues, ...values })).rejects.toThrow(
      'Move the values under pipeline-controller',
    );
  });

  it('name values of the chart in every row of their table', () => {
    const rows = tableBelow(umbrellaPage, 'Mapping of values');
    const lifted = rows.map(([, here]) => here!).filter((here) => /^[a-z]+[.A-Za-z]*$/.test(here));
    expect(lifted.length).toBeGreaterThan(5);
    const known = valueLeaves(chartValues).map(([at]) => at);
    for (const value of lifted) {
      expect(known.filter((at) => at === value || at.startsWith(`${value}.`))).not.toEqual([]);
    }
  });
});

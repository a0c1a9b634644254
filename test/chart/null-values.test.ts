import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { chart, leastValues, render, renderText, type Values } from './helm';
import { component, environmentOf } from './manifests';

/** Enables all that is disabled by default, so that the templates use its values. */
const allEnabled: Values = {
  ...leastValues,
  promotion: {
    service: { type: 'NodePort' },
    ingress: { enabled: true, hosts: [{ host: 'a.example', paths: [{ path: '/' }] }] },
    httpRoute: { enabled: true, parentRefs: [{ name: 'gateway' }] },
  },
  caBundle: { configMapName: 'company-ca' },
  policy: { rules: [{ name: 'two-people', gates: { approvals: { required: 2 } } }] },
  networkPolicy: { temporal: { podLabels: { app: 'temporal' } }, egress: { enabled: true } },
  serviceMonitor: { enabled: true },
  prometheusRule: { enabled: true },
};

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The paths of all keys at all levels. The content of `resources` is one value. */
function keysOf(tree: Tree, above: readonly string[] = []): string[][] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const at = [...above, key];
    return [at, ...(isTree(value) && key !== 'resources' ? keysOf(value, at) : [])];
  });
}

function withNull(tree: unknown, [key = '', ...below]: readonly string[]): Tree {
  const there = isTree(tree) ? tree : {};
  return { ...there, [key]: below.length === 0 ? null : withNull(there[key], below) };
}

function without(tree: Tree, [key = '', ...below]: readonly string[]): Tree {
  const { [key]: there, ...others } = tree;
  return below.length === 0 || !isTree(there) ? others : { ...others, [key]: without(there, below) };
}

const isIn = (tree: unknown, [key = '', ...below]: readonly string[]): boolean =>
  isTree(tree) && key in tree && (below.length === 0 || isIn(tree[key], below));

/** What Helm installs, or its error. */
async function outcome(values: Values): Promise<unknown> {
  try {
    const { yaml, notes } = await renderText(values);
    // The key is another one each time.
    return { yaml: yaml.replace(/id: k\d+\n +key: .+\n/, '').replace(/acceptUnsignedBefore: .+/, ''), notes };
  } catch (error) {
    return String(error);
  }
}

const allKeys = keysOf(parse(readFileSync(path.join(chart, 'values.yaml'), 'utf8')) as Tree);

describe('a value that is null', () => {
  const found = new Map<string, { readonly whenNull: unknown; readonly whenAbsent: unknown }>();
  beforeAll(async () => {
    const byDefault = await outcome(allEnabled);
    const left = [...allKeys];
    const compareNext = async (): Promise<void> => {
      for (let key = left.shift(); key !== undefined; key = left.shift()) {
        found.set(key.join('.'), {
          whenNull: await outcome(withNull(allEnabled, key)),
          whenAbsent: isIn(allEnabled, key) ? await outcome(without(allEnabled, key)) : byDefault,
        });
      }
    };
    await Promise.all([compareNext(), compareNext()]);
  });

  it.each(allKeys.map((key) => key.join('.')))('has its default: %s', (key) => {
    const { whenNull, whenAbsent } = found.get(key)!;
    expect(whenNull).toEqual(whenAbsent);
  });
});

describe('a limit that is null', () => {
  it.each<[string, Values]>([
    ['limits', { limits: null }],
    ['limits.memory', { limits: { memory: null } }],
  ])('is removed: %s', async (_name, resources) => {
    const { manifests } = await render({ ...leastValues, controller: { manager: { resources } } });
    const worker = component(manifests, 'worker');
    expect(worker.spec.template.spec.containers[0].resources).toMatchObject({
      requests: { cpu: '100m', memory: '256Mi' },
    });
    expect(worker.spec.template.spec.containers[0].resources.limits?.memory).toBeUndefined();
    expect(environmentOf(worker)).not.toHaveProperty('NODE_OPTIONS');
  });
});

describe('a template', () => {
  const directory = path.join(chart, 'templates');
  it.each(readdirSync(directory).filter((name) => !name.endsWith('.tpl')))(
    'sets the defaults itself: %s',
    (name) => {
      const [firstLine] = readFileSync(path.join(directory, name), 'utf8').split('\n');
      expect(firstLine).toBe('{{- include "windlass.fillValues" . }}');
    },
  );
});

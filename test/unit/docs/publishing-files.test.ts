/**
 * The files that GitHub and Renovate read. The rules of issue forms are those of
 * https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema,
 * those of renovate.json are a part of https://docs.renovatebot.com/renovate-schema.json: no small package carries either.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import renovate from '../../../renovate.json';
import { root } from './pages';

const folder = join(root, '.github/ISSUE_TEMPLATE');
const read = (name: string): unknown => parse(readFileSync(join(folder, name), 'utf8'));

const text = z.string().min(1);
const validations = z.strictObject({ required: z.boolean() }).optional();
const id = z.string().regex(/^[\w-]+$/);
const field = { label: text, description: text.optional() };
const input = { ...field, placeholder: text.optional(), value: text.optional() };
const choices = <T extends z.ZodType>(item: T) => z.array(item).min(1);
const element = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('markdown'), attributes: z.strictObject({ value: text }) }),
  z.strictObject({ type: z.literal('input'), id, attributes: z.strictObject(input), validations }),
  z.strictObject({
    type: z.literal('textarea'),
    id,
    attributes: z.strictObject({ ...input, render: text.optional() }),
    validations,
  }),
  z.strictObject({
    type: z.literal('dropdown'),
    id,
    attributes: z.strictObject({ ...field, options: choices(text), multiple: z.boolean().optional() }),
    validations,
  }),
  z.strictObject({
    type: z.literal('checkboxes'),
    id,
    attributes: z.strictObject({
      ...field,
      options: choices(z.strictObject({ label: text, required: z.boolean().optional() })),
    }),
  }),
]);
const form = z.strictObject({
  name: text,
  description: text,
  title: text.optional(),
  labels: z.array(text).min(1),
  body: z.array(element).min(1),
});
const chooser = z.strictObject({
  blank_issues_enabled: z.boolean(),
  contact_links: z.array(z.strictObject({ name: text, url: z.url({ protocol: /^https$/ }), about: text })),
});

const forms = readdirSync(folder).filter((name) => name !== 'config.yml');

describe('the issue forms', () => {
  it.each(forms)('%s has the fields that GitHub knows', (name) => {
    expect(form.safeParse(read(name)).error?.issues ?? []).toEqual([]);
  });

  it.each(forms)('%s asks for something besides text to read, each with an id of its own', (name) => {
    const { body } = form.parse(read(name));
    const ids = body.flatMap((each) => (each.type === 'markdown' ? [] : [each.id]));
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('have names of their own', () => {
    const names = forms.map((each) => form.parse(read(each)).name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('are the only way to an issue, and name where questions about other projects belong', () => {
    expect(chooser.parse(read('config.yml'))).toMatchObject({ blank_issues_enabled: false });
  });
});

const rule = z.strictObject({
  description: text.optional(),
  groupName: text.optional(),
  matchManagers: z.array(
    z.enum(['npm', 'gomod', 'dockerfile', 'docker-compose', 'helm-values', 'github-actions']),
  ),
  matchPackageNames: z.array(text).optional(),
  matchFileNames: z.array(text).optional(),
  matchDepTypes: z.array(z.enum(['dependencies', 'devDependencies', 'engines'])).optional(),
  matchUpdateTypes: z.array(z.enum(['major', 'minor', 'patch', 'pin', 'digest'])).optional(),
  allowedVersions: text.optional(),
  enabled: z.literal(false).optional(),
});
const configuration = z.strictObject({
  $schema: z.literal('https://docs.renovatebot.com/renovate-schema.json'),
  extends: z.array(text),
  ignorePresets: z.array(text),
  ignorePaths: z.array(text),
  schedule: z.array(text),
  minimumReleaseAge: text,
  postUpdateOptions: z.array(z.literal('gomodTidy')),
  packageRules: z.array(rule.extend({ matchManagers: rule.shape.matchManagers.optional() })),
});

describe('renovate.json', () => {
  it('has the fields that Renovate knows', () => {
    expect(configuration.safeParse(renovate).error?.issues ?? []).toEqual([]);
  });

  it('updates the packages of the Temporal SDK together', () => {
    const grouped = renovate.packageRules.find(({ groupName }) => groupName === 'Temporal SDK');
    expect(grouped?.matchPackageNames).toEqual(['@temporalio/**']);
  });

  it('names files that there are', () => {
    const named = renovate.packageRules.flatMap((each) => each.matchFileNames ?? []);
    expect(named).not.toEqual([]);
    for (const file of named) expect(() => readFileSync(join(root, file))).not.toThrow();
  });
});

interface Step {
  readonly uses?: string;
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<
      string,
      { readonly 'timeout-minutes'?: number; readonly uses?: string; readonly steps?: readonly Step[] }
    >
  >;
}

const workflowsFolder = join(root, '.github/workflows');
const workflows = readdirSync(workflowsFolder).map((name) => ({
  name,
  source: readFileSync(join(workflowsFolder, name), 'utf8'),
}));

describe('the workflows of GitHub', () => {
  it.each(workflows)('$name pins every action by its commit, with the version for people', ({ source }) => {
    const used = source.split('\n').filter((line) => /\buses: (?!\.\/)/.test(line));
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((line) => !/uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  it('have one version of each action', () => {
    const used = workflows.flatMap(({ source }) => source.match(/[\w/-]+@[0-9a-f]{40} # v[\d.]+/g) ?? []);
    const actions = [...new Set(used)].map((each) => each.split('@')[0]);
    expect(new Set(actions).size).toBe(actions.length);
  });

  it.each(workflows)(
    '$name may write nothing unless a job says so, and ends each job in time',
    ({ source }) => {
      const { permissions, jobs } = parse(source) as Workflow;
      expect(Object.values(permissions).filter((value) => value !== 'read')).toEqual([]);
      const endless = Object.entries(jobs).filter(([, job]) => !job.uses && !job['timeout-minutes']);
      expect(endless.map(([name]) => name)).toEqual([]);
    },
  );

  it.each(workflows)('$name gives no shell a text from outside', ({ source }) => {
    const { jobs } = parse(source) as { jobs: Record<string, { steps?: { run?: string }[] }> };
    const scripts = Object.values(jobs).flatMap(({ steps = [] }) => steps.flatMap(({ run }) => run ?? []));
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });
});

import {
  type BodyFacts,
  bodyTemplateFault,
  fillBody,
  fillTitle,
  longestBodyTemplate,
  longestTitleTemplate,
  showsWarnings,
  titleTemplateFault,
} from '../../../../src/domain/promotion/pull-request-template';

const facts: BodyFacts = {
  title: 'Promote apps/shop in staging to 1.4.0',
  application: 'shop',
  pipeline: 'apps/shop',
  from: 'dev',
  environment: 'staging',
  version: '1.4.0',
  previous: '1.3.2',
  changes: '- `a.yaml` line 1: `1.3.2` → `1.4.0`',
  body: 'All of it.',
};

it.each([
  ['{title} ({version})', 'Promote apps/shop in staging to 1.4.0 (1.4.0)'],
  ['chore({application}): {version} from {from}', 'chore(shop): 1.4.0 from dev'],
])('the title %j is filled in', (template, title) => {
  expect(titleTemplateFault(template)).toBeUndefined();
  expect(fillTitle(template, facts)).toBe(title);
});

it.each([
  [' ', 'must not be blank'],
  ['{title}', 'must have {version} in it'],
  ['{version} of {previous}', 'has the unknown variable {previous}'],
  ['{version}\nand more', 'must be one line'],
  ['Draft: {version}', 'set draft: true instead'],
  ['[WIP] {version}', 'set draft: true instead'],
  [`{version}${'x'.repeat(longestTitleTemplate)}`, 'is longer than'],
])('the title %j is refused', (template, fault) => {
  expect(titleTemplateFault(template)).toContain(fault);
});

it.each([
  ['{body}', 'All of it.'],
  ['# {title}\n\n{changes}', `# ${facts.title}\n\n${facts.changes}`],
  ['{pipeline}: {previous} → {version}', 'apps/shop: 1.3.2 → 1.4.0'],
])('the body %j is filled in', (template, body) => {
  expect(bodyTemplateFault(template)).toBeUndefined();
  expect(fillBody(template, facts)).toBe(body);
});

it.each([
  ['{versions}', 'has the unknown variable {versions}'],
  ['x'.repeat(longestBodyTemplate + 1), 'is longer than'],
])('the body %j is refused', (template, fault) => {
  expect(bodyTemplateFault(template)).toContain(fault);
});

it.each(['1.4.0-rc.1+build.5', 'v1@sha256:0a', 'registry.example.com/shop:1.4.0', '1.0.0--1'])(
  'the version %s stands in a body as it is',
  (version) => {
    expect(fillBody('{version}', { ...facts, version })).toBe(version);
  },
);

it.each([
  ['@all', '`@all`'],
  ['a|`b`', "`a''b'`"],
  ['[x](https://evil.example.com)', '`[x](https://evil.example.com)`'],
  ['https://evil.example.com', '`https://evil.example.com`'],
  ['', '`(empty)`'],
])('the version %j brings no markup into a body', (version, text) => {
  expect(fillBody('{version}', { ...facts, version })).toBe(text);
});

it('a value is not read as a template again', () => {
  expect(fillTitle('{version}', { ...facts, version: '{from} $& $1' })).toBe('{from} $& $1');
});

it('knows which bodies have the warnings in them', () => {
  expect([showsWarnings('x {body}'), showsWarnings('{changes}')]).toEqual([true, false]);
});

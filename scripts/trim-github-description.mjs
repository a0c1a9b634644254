/**
 * Writes test/support/github/description.json: the part of GitHub's published description that src/providers/github uses.
 * The whole one is too large for a dependency. Get it once, outside of the repository:
 *   npm pack @octokit/openapi@23 && tar xzf octokit-openapi-23.*.tgz package/generated/api.github.com.json
 *   node scripts/trim-github-description.mjs package/generated/api.github.com.json
 * Requests stay whole. Of answers, the fields below stay, with their types and whether GitHub always has them.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const repository = '/repos/{owner}/{repo}';
const operations = {
  [`${repository}/pulls`]: ['get', 'post'],
  [`${repository}/pulls/{pull_number}`]: ['get', 'patch'],
  [`${repository}/pulls/{pull_number}/merge`]: ['put'],
  [`${repository}/pulls/{pull_number}/commits`]: ['get'],
  [`${repository}/pulls/{pull_number}/requested_reviewers`]: ['post'],
  [`${repository}/issues/{issue_number}`]: ['get'],
  [`${repository}/issues/{issue_number}/assignees`]: ['post'],
  [`${repository}/issues/{issue_number}/comments`]: ['get', 'post'],
  [`${repository}/issues/{issue_number}/events`]: ['get'],
  [`${repository}/issues/{issue_number}/labels`]: ['post'],
  [`${repository}/issues/comments/{comment_id}`]: ['patch'],
  [`${repository}/statuses/{sha}`]: ['post'],
  [`${repository}/commits/{ref}/check-runs`]: ['get'],
  [`${repository}/commits/{ref}/status`]: ['get'],
  [`${repository}/branches/{branch}`]: ['get'],
  [`${repository}/rules/branches/{branch}`]: ['get'],
  [`${repository}/git/ref/{ref}`]: ['get'],
  [`${repository}/git/refs/{ref}`]: ['delete'],
  [`${repository}/git/matching-refs/{ref}`]: ['get'],
  '/app/installations/{installation_id}/access_tokens': ['post'],
  '/orgs/{org}/installation': ['get'],
  '/users/{username}/installation': ['get'],
  '/user': ['get'],
};

/** What the provider reads, and what the demo's forge answers beyond it. */
const answerFields = new Set(
  `account actor admin app_id archived assignees author author_association base body check_runs checks clone_url closed_at
  closed_by color comments comments_url commit commit_id commit_url committer conclusion context contexts created_at date
  default default_branch description diff_url disabled do_not_enforce_on_create draft email enabled enforcement_level event
  expires_at full_name head head_sha html_url id issue_url label labels locked login maintain maintainer_can_modify merge_commit_sha
  mergeable mergeable_state merged merged_at merged_by message name node_id number object owner parameters permission
  permissions private privacy protected protection protection_url pull pull_request push ref repo repository_selection
  requested_reviewer requested_reviewers requested_team requested_teams required_status_checks review_requester
  ruleset_id ruleset_source ruleset_source_type sha site_admin slug state status statuses
  strict_required_status_checks_policy suspended_at target_type target_url title token total_count triage type updated_at url
  user`.split(/\s+/),
);

const keywords = [
  ...['type', 'nullable', 'enum', 'required', 'pattern', 'additionalProperties'],
  ...[
    'minItems',
    'maxItems',
    'minLength',
    'maxLength',
    'minimum',
    'maximum',
    'minProperties',
    'maxProperties',
  ],
];
const combinations = ['allOf', 'anyOf', 'oneOf'];

const source = JSON.parse(await readFile(process.argv[2], 'utf8'));
const ofRequests = new Set();
const ofAnswers = new Set();

function resolved({ $ref, ...rest }) {
  if ($ref === undefined) return rest;
  return $ref
    .slice(2)
    .split('/')
    .reduce((at, step) => at[step], source);
}

/** @param inside the schema is one of several that describe the same object, and must not refuse the others' fields */
function trimmed(schema, { names, isAnswer, inside = false }) {
  if (schema.$ref !== undefined) {
    names.add(schema.$ref.split('/').at(-1));
    return { $ref: schema.$ref };
  }
  const within = (inner, isInside = false) => trimmed(inner, { names, isAnswer, inside: isInside });
  const kept = Object.fromEntries(keywords.filter((key) => key in schema).map((key) => [key, schema[key]]));
  const isKept = (name) => !isAnswer || answerFields.has(name);
  if (typeof kept.additionalProperties === 'object') {
    kept.additionalProperties = within(kept.additionalProperties);
  }
  if (schema.items !== undefined) kept.items = within(schema.items);
  if (kept.required !== undefined) kept.required = kept.required.filter(isKept);
  if (kept.required?.length === 0) delete kept.required;
  if (schema.properties !== undefined) {
    const properties = Object.entries(schema.properties).filter(([name]) => isKept(name));
    kept.properties = Object.fromEntries(properties.map(([name, inner]) => [name, within(inner)]));
    if (!inside) kept.additionalProperties ??= false;
  }
  for (const key of combinations.filter((each) => each in schema)) {
    const parts = schema[key].map((part) => within(part, key === 'allOf' || 'properties' in schema));
    // What tells answers apart may be a field that was dropped.
    kept[isAnswer && key === 'oneOf' ? 'anyOf' : key] = parts;
  }
  return kept;
}

function json({ content } = {}, options) {
  const schema = content?.['application/json']?.schema;
  return schema === undefined
    ? {}
    : { content: { 'application/json': { schema: trimmed(schema, options) } } };
}

function operation({ parameters = [], requestBody, responses }) {
  const body = requestBody === undefined ? undefined : resolved(requestBody);
  const succeeded = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  return {
    parameters: parameters.map(resolved).map(({ name, in: place, required, schema }) => ({
      ...{ name, in: place, ...(required ? { required } : {}) },
      schema: trimmed(schema, { names: ofRequests, isAnswer: false }),
    })),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            ...(body.required ? { required: true } : {}),
            ...json(body, { names: ofRequests, isAnswer: false }),
          },
        }),
    responses: Object.fromEntries(
      succeeded.map(([status, response]) => [
        status,
        { description: '', ...json(resolved(response), { names: ofAnswers, isAnswer: true }) },
      ]),
    ),
  };
}

/** With everything that they refer to. A schema of requests stays whole, in answers, too. */
function schemas() {
  const found = {};
  for (const [names, isAnswer] of [
    [ofRequests, false],
    [ofAnswers, true],
  ]) {
    // A set takes in what is added to it while it is read.
    for (const name of names) {
      const schema = source.components.schemas[name];
      // The tests' validator closes these itself, unless another extends them.
      found[name] ??= trimmed(schema, { names, isAnswer, inside: true });
    }
  }
  return Object.fromEntries(Object.entries(found).sort(([left], [right]) => (left < right ? -1 : 1)));
}

// GitHub makes labels without a description, and its answers have null, as elsewhere in its description.
const { labels } = source.components.schemas['pull-request-simple'].properties;
labels.items.properties.description.nullable = true;

const paths = Object.fromEntries(
  Object.entries(operations).map(([path, methods]) => [
    path,
    Object.fromEntries(methods.map((method) => [method, operation(source.paths[path][method])])),
  ]),
);
const description = {
  openapi: source.openapi,
  info: {
    title: "GitHub's REST API: what Windlass uses of it",
    version: source.info.version,
    'x-origin': 'https://www.npmjs.com/package/@octokit/openapi: generated/api.github.com.json, in part',
    'x-copyright': 'Copyright (c) 2020 Octokit contributors',
    license: { name: source.info.license.name, url: 'https://github.com/octokit/openapi/blob/main/LICENSE' },
  },
  paths,
  components: { schemas: schemas() },
};

const target = fileURLToPath(new URL('../test/support/github/description.json', import.meta.url));
const style = { ...(await resolveConfig(target)), filepath: target };
await writeFile(target, await format(JSON.stringify(description), style));

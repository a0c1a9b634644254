import { type RequestHandler } from 'express';
import { z } from 'zod';
import { jsonBody } from './api-body';
import { parseInput } from './api-schemas';
import { type HostedRepository } from './hosted-repository';
import { buildGroup, groupBranch } from './merge-queue';
import { type PullRequestRecord } from './pull-request-record';
import { type Repositories } from './repositories';
import { Refusal } from './refusal';

const bodySchema = z.strictObject({ query: z.string(), variables: z.record(z.string(), z.unknown()) });
const byNumber = z.strictObject({ owner: z.string(), repo: z.string(), number: z.int() });
const byIdAtHead = z.strictObject({ id: z.string(), head: z.string().regex(/^[0-9a-f]{40}$/) });
const byId = z.strictObject({ id: z.string() });

type Json = Readonly<Record<string, unknown>>;

/** The part of GitHub's GraphQL API that has merge queues: https://docs.github.com/graphql/reference/pulls */
export function graphqlHandler(repositories: Repositories): RequestHandler {
  return async (request, response) => {
    const { query, variables } = parseInput(bodySchema, jsonBody(request));
    try {
      response.json({ data: await answer(repositories, query.replaceAll(/\s+/g, ' '), variables) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const type = error.status === 404 ? 'NOT_FOUND' : error.status === 403 ? 'FORBIDDEN' : 'UNPROCESSABLE';
      response.json({ data: null, errors: [{ type, path: [], locations: [], message: error.message }] });
    }
  };
}

async function answer(repositories: Repositories, query: string, variables: Json): Promise<Json> {
  if (
    /^query \w+\(\$owner: String!, \$repo: String!, \$number: Int!\) \{ repository\(owner: \$owner, name: \$repo\) /.test(
      query,
    )
  ) {
    const { owner, repo, number } = parseInput(byNumber, variables);
    const repository = repositories.get(`${owner}/${repo}`);
    const isInMergeQueue = repository.mergeQueue.has(repository.pullRequest(number));
    return { repository: { pullRequest: { id: idOf(repository, number), isInMergeQueue } } };
  }
  if (
    /^mutation \w+\(\$id: ID!, \$head: GitObjectID!\) \{ enqueuePullRequest\(input: \{ pullRequestId: \$id, expectedHeadOid: \$head \}\) /.test(
      query,
    )
  ) {
    const { id, head } = parseInput(byIdAtHead, variables);
    const { repository, record } = find(repositories, id);
    if (record.headSha !== head)
      throw new Refusal(422, 'Head branch was modified. The expected head oid does not match.');
    requireQueueable(repository, record);
    repository.mergeQueue.add(record);
    await buildGroup(repository, record);
    return { enqueuePullRequest: { mergeQueueEntry: { id: `MQE_${record.number}` } } };
  }
  if (/^mutation \w+\(\$id: ID!\) \{ dequeuePullRequest\(input: \{ id: \$id \}\) /.test(query)) {
    const { repository, record } = find(repositories, parseInput(byId, variables).id);
    if (!repository.mergeQueue.remove(record.number))
      throw new Refusal(422, `Failed to remove PR #${record.number}`);
    await repository.git.deleteRef(`refs/heads/${groupBranch(record)}`);
    return { dequeuePullRequest: { mergeQueueEntry: { id: `MQE_${record.number}` } } };
  }
  throw new Refusal(422, 'The forge does not know this query.');
}

function requireQueueable(repository: HostedRepository, record: PullRequestRecord): void {
  if (!repository.mergeQueue.isRequired(record.base))
    throw new Refusal(422, `No merge queue is enabled for ${record.base}.`);
  if (repository.mergeQueue.has(record)) throw new Refusal(422, 'Pull request is already in the queue.');
  const obstacle = repository.obstacle(record);
  if (record.state !== 'open' || record.draft || obstacle !== undefined)
    throw new Refusal(422, obstacle ?? 'Pull request is not mergeable.');
}

function idOf({ fullName }: HostedRepository, number: number): string {
  return `PR_${Buffer.from(`${fullName}#${number}`).toString('base64url')}`;
}

/** @throws Refusal 404 */
function find(
  repositories: Repositories,
  id: string,
): { readonly repository: HostedRepository; readonly record: PullRequestRecord } {
  const [fullName = '', number = ''] = Buffer.from(id.replace(/^PR_/, ''), 'base64url').toString().split('#');
  const repository = repositories.get(fullName);
  return { repository, record: repository.pullRequest(Number(number)) };
}

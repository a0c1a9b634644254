/* eslint-disable jest/no-export -- the suite that each provider's own test file runs */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { failureCodes, WindlassError } from '../../../src/domain/errors';
import { parseRepositoryUrl } from '../../../src/domain/pipeline/repository-url';
import { classifyGitFailure } from '../../../src/git/transport/failure-classification';
import { createOutbound } from '../../../src/http/outbound/create-outbound';
import { type PullRequestProvider } from '../../../src/providers/port';
import { accessWith } from '../../support/api-access';
import { type Interposer, type Mishap, startInterposer } from './interposer';
import { type ContractCase, type Service } from './service';

const never = new AbortController().signal;
const branches = { head: 'promotion', base: 'main' };

/** What a call answers: `create` that there is one already, `merge` whether it did, in the end. */
const outcomes = ['duplicate', 'merged', 'not-merged'];
const meaning = z.enum([...Object.keys(failureCodes), ...outcomes]);
const told = {
  name: z.string(),
  code: meaning,
  /** Where it was seen. */
  origin: z.url(),
};
const answerSchema = z.strictObject({
  ...told,
  operation: z.enum(['find', 'create', 'merge']),
  status: z.int(),
  headers: z.record(z.string(), z.string()).optional(),
  /** Text as it is, anything else as JSON. */
  body: z.json(),
  /** Where the status is from, if the origin has the body alone. */
  statusFrom: z.url().optional(),
});
const wordsSchema = z.strictObject({ ...told, operation: z.enum(['fetch', 'push']), said: z.string() });
const recordSchema = z.array(z.union([answerSchema, wordsSchema])).min(8);
type Answer = z.output<typeof answerSchema>;

/** What the service was seen to answer, by other people, and what that has to be taken for. */
export function describeRecordedAnswers(name: string, contract: ContractCase): void {
  const file = join(__dirname, 'recorded-answers', `${name}.json`);
  const record = recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const answers = record.filter((each) => 'status' in each);
  const words = record.filter((each) => 'said' in each);
  const [repository] = contract.repositories;

  describe(`an answer of ${name} that was recorded`, () => {
    let service: Service;
    let network: Interposer;
    beforeEach(async () => {
      service = await contract.start();
      network = await startInterposer(service.url);
      await service.createBranch(repository, branches.head);
    });
    afterEach(async () => {
      await network.close();
      await service.close();
    });

    const connect = (): PullRequestProvider => {
      const host = `127.0.0.1:${network.port}`;
      const { timeoutMs = 10_000 } = contract;
      return contract.module.connect({
        repository: parseRepositoryUrl(`http://${host}/${repository}.git`),
        access: accessWith(
          contract.token,
          createOutbound({ allowedHosts: [host], allowPlainHttp: false, timeoutMs }),
        ),
      });
    };
    const meetWith = (method: string, { status, headers, body }: Answer): void => {
      const answer: Mishap = {
        ...{ kind: 'answer', status },
        ...(headers === undefined ? {} : { headers }),
        body: typeof body === 'string' ? body : JSON.stringify(body),
      };
      network.next(method, answer);
    };
    const replay: Readonly<Record<Answer['operation'], (answer: Answer) => Promise<unknown>>> = {
      find: (answer) => {
        meetWith('GET', answer);
        return connect().findOpen(branches, never);
      },
      create: async (answer) => {
        meetWith(contract.methods.create, answer);
        const created = await connect().create({ ...branches, title: 'Promote', body: '' }, never);
        return created === undefined ? 'duplicate' : created;
      },
      merge: async (answer) => {
        const head = await service.push(repository, branches.head);
        const provider = connect();
        const created = await provider.create({ ...branches, title: 'Promote', body: '' }, never);
        meetWith(contract.methods.merge, answer);
        const { merged } = await provider.merge(created!, { head, manner: {} }, never);
        return merged ? 'merged' : 'not-merged';
      },
    };

    it.each(answers)('is known, of $operation: $name', async (answer) => {
      const outcome = await replay[answer.operation](answer).catch((error: unknown) => error);
      expect(outcome instanceof WindlassError ? outcome.code : outcome).toBe(answer.code);
    });
  });

  describe(`words of the Git server of ${name} that were recorded`, () => {
    it.each(words)('are known, of $operation: $name', ({ operation, said, code }) => {
      const { serverRefusals } = contract.module;
      const attempt = { operation, host: 'git.example.com', branch: 'promotion', serverRefusals };
      expect(classifyGitFailure(said, attempt)).toMatchObject({ code });
    });
  });
}

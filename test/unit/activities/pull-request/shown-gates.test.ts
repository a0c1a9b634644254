import { providerModule } from '../../../support/api-access';
/** What is written on pull requests is verified as well: branch protection may ask for the check. */
import { type Authority } from '../../../../src/activities/authority';
import { GatesClosed } from '../../../../src/activities/gates-closed';
import { type PartingProof, type ShownProposal } from '../../../../src/activities/promotion-activities';
import { partFromPullRequest } from '../../../../src/activities/pull-request/part-from-pull-request';
import { tellGates } from '../../../../src/activities/pull-request/tell-gates';
import { WindlassError } from '../../../../src/domain/errors';
import { type Pipeline } from '../../../../src/domain/pipeline/pipeline';
import { promotionBranch } from '../../../../src/domain/promotion/promotion-branch-name';
import { type Sentence } from '../../../../src/domain/rich-text';
import { type PullRequestProvider } from '../../../../src/providers/port';
import { pipelineRef, promotionTask } from '../../../support/events';
import { memoryStore } from '../../../support/memory-store';
import { samplePipeline } from '../../../support/sample-pipeline';

const head = 'a'.repeat(40);
const repository = {
  namespace: pipelineRef.namespace,
  secretName: 'git',
  provider: 'github',
  url: 'https://git.example.com/acme/fleet',
} as const;
const pipeline: Pipeline = {
  ...samplePipeline,
  ...pipelineRef,
  promotion: { manual: false, strategy: { ...repository, kind: 'pull-request', baseBranch: 'main' } },
};
/** Names the same repository. */
const sibling: Pipeline = { ...pipeline, name: 'other' };
const task = promotionTask(2);
const { from, to } = task;
const hop = { pipeline: pipelineRef, from, to };
const signal = new AbortController().signal;

interface Asked {
  /** What the authority says; absent: there is no key. */
  readonly refusal?: Error | 'none';
  readonly pipelines?: readonly Pipeline[];
}

/** A repository whose pull request 7 is open on the promotion's branch, and what was written there. */
function forge({ refusal, pipelines = [pipeline, sibling] }: Asked) {
  const written: string[] = [];
  const asked: unknown[] = [];
  const links: (string | undefined)[] = [];
  const write = (what: string) => {
    written.push(what);
    return Promise.resolve();
  };
  const provider: Partial<PullRequestProvider> = {
    findOpen: ({ head: branch, base }) =>
      Promise.resolve(
        branch === promotionBranch(pipelineRef, to) && base === 'main'
          ? { number: 7, url: '', title: '', body: '' }
          : undefined,
      ),
    changes: ({ numbers }) =>
      Promise.resolve({ seen: {}, states: numbers.map((number) => ({ number, state: 'open', head })) }),
    setCheck: ({ state, description, url }) => {
      links.push(url);
      return write(`${state}: ${description}`);
    },
    comment: ({ number }) => write(`comment on ${number}`),
    close: ({ number }) => write(`close ${number}`),
  };
  const answer = (...args: unknown[]): Promise<void> => {
    asked.push(args);
    return refusal instanceof Error ? Promise.reject(refusal) : Promise.resolve();
  };
  const authority: Pick<Authority, 'require' | 'requireParting'> = {
    require: answer,
    requireParting: answer,
  };
  const dependencies = {
    provider: () => providerModule(() => provider as PullRequestProvider),
    apiAccess: () => () => Promise.reject(new Error('No request is sent.')),
    store: memoryStore(pipelines),
    ...(refusal === undefined ? {} : { authority }),
  };
  return {
    written,
    asked,
    links,
    tell: (proposal: ShownProposal | undefined, number = 7, closed?: Sentence, page?: string) =>
      tellGates(dependencies, repository, number, { closed, checkOnly: true, page }, proposal, signal),
    part: (proof: PartingProof | undefined, close = true, number = 7) =>
      partFromPullRequest(dependencies, repository, number, { close, comment: 'Ended.' }, proof, signal),
  };
}

const unauthorized = new WindlassError('not-authorized', 'Nothing vouches for the approval of oidc:alice.');
const proven: ShownProposal = { hop, base: 'main', task: { ...task, proposed: 'token' } };

describe('the check', () => {
  it('succeeds where the authority agrees, asked for this head', async () => {
    const { tell, written, asked } = forge({ refusal: 'none' });
    await tell(proven);
    expect(written).toEqual(['success: The gates are open.']);
    expect(asked).toEqual([[proven.task, { head, proposed: 'token', isShown: true }]]);
  });

  it.each(['none', undefined] as const)(
    'does not succeed on a commit that was pushed meanwhile (authority: %s)',
    async (refusal) => {
      const { tell, written } = forge(refusal === undefined ? {} : { refusal });
      await tell({ ...proven, head: 'b'.repeat(40) });
      expect(written).toEqual([]);
      await tell({ ...proven, head });
      expect(written).toEqual(['success: The gates are open.']);
    },
  );

  it.each<readonly [string, Error, string]>([
    ['unauthorized', unauthorized, 'pending: Nothing vouches for the approval of oidc:alice.'],
    ['not yet', new GatesClosed('People have not decided.'), 'pending: People have not decided.'],
  ])('is pending where the authority refuses: %s', async (_what, refusal, shown) => {
    const { tell, written } = forge({ refusal });
    await tell(proven);
    expect(written).toEqual([shown]);
  });

  it('is told later where it cannot be known', async () => {
    const { tell, written } = forge({ refusal: new WindlassError('lane-unavailable', 'No answer.') });
    await expect(tell(proven)).rejects.toMatchObject({ code: 'lane-unavailable' });
    expect(written).toEqual([]);
  });

  it('is pending where the code of an older worker says that the gates are open', async () => {
    const { tell, written } = forge({ refusal: 'none' });
    await tell(undefined);
    await tell({ hop, base: 'main' });
    const shown = 'pending: Nothing vouches for what opened the gates.';
    expect(written).toEqual([shown, shown]);
  });

  it('succeeds without a key, as before', async () => {
    const { tell, written } = forge({});
    await tell(undefined);
    await tell(proven);
    expect(written).toEqual(['success: The gates are open.', 'success: The gates are open.']);
  });

  it('links to the page of the promotion, where there is one', async () => {
    const page = 'https://windlass.example.com/promotions/p';
    const { tell, links } = forge({});
    await tell(proven, 7, undefined, page);
    await tell(proven, 7, { said: ['Closed.'] }, page);
    await tell(proven);
    expect(links).toEqual([page, page, undefined]);
  });

  it('is written on the pull request of the promotion only', async () => {
    const { tell, written } = forge({ refusal: 'none' });
    await expect(tell(proven, 8)).rejects.toMatchObject({ code: 'not-authorized' });
    await expect(tell({ hop }, 8, { said: ['Closed.'] })).rejects.toMatchObject({ code: 'not-authorized' });
    await tell({ ...proven, base: 'release' }, 8);
    expect(written).toEqual([]);
  });
});

describe('parting', () => {
  const proof: PartingProof = { task, base: 'main', rejection: { by: 'oidc:alice', capability: 'token' } };

  it('closes the pull request where the authority agrees', async () => {
    const { part, written, asked } = forge({ refusal: 'none' });
    await part(proof);
    expect(written).toEqual(['close 7']);
    expect(asked).toEqual([[task, proof.rejection]]);
  });

  it('closes none where it does not, or where it is of another number', async () => {
    const refusing = forge({ refusal: unauthorized });
    await expect(refusing.part(proof)).rejects.toBe(unauthorized);
    const agreeing = forge({ refusal: 'none' });
    await expect(agreeing.part(proof, true, 8)).rejects.toMatchObject({ code: 'not-authorized' });
    await expect(agreeing.part(undefined)).rejects.toMatchObject({ code: 'not-authorized' });
    expect([...refusing.written, ...agreeing.written]).toEqual([]);
  });

  it('leaves one open, with a check that succeeds, only where the hop is gone', async () => {
    const there = forge({ refusal: 'none' });
    await expect(there.part({ task, base: 'main' }, false)).rejects.toMatchObject({ code: 'not-authorized' });
    const gone = forge({ refusal: 'none', pipelines: [sibling] });
    await gone.part({ task, base: 'main' }, false);
    expect([there.written, gone.written]).toEqual([
      [],
      ['comment on 7', 'success: Windlass no longer follows this pull request.'],
    ]);
  });

  it('closes it without a key, as before', async () => {
    const { part, written } = forge({});
    await part(undefined);
    expect(written).toEqual(['close 7']);
  });
});

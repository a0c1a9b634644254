/* eslint-disable jest/no-export -- the suite that each provider's own test file runs */
import { parseRepositoryUrl } from '../../../src/domain/pipeline/repository-url';
import { createOutbound } from '../../../src/http/outbound/create-outbound';
import { type Decoration, type PullRequest, type PullRequestProvider } from '../../../src/providers/port';
import { accessWith } from '../../support/api-access';
import { failureOf } from '../../support/classified-failure';
import { type Interposer, startInterposer } from './interposer';
import { type DecoratedService, type DecorationCase, type ServiceDecorations } from './service';

const never = new AbortController().signal;
const none: Decoration = { labels: [], reviewers: { users: [], teams: [] }, assignees: [] };

/** What every provider has to do with labels, people, drafts and the manner of a merge, as far as its service has them. */
export function describeDecoration(name: string, contract: DecorationCase): void {
  describe(`the ${name} provider, decorating`, () => {
    declareDecoration(contract);
  });
}

function declareDecoration(contract: DecorationCase): void {
  const { features } = contract.module;
  const [repository] = contract.repositories;
  const { labels, users, team, maxAssignees = users.length } = contract.decorations;
  const { unknownUser, unknownTeam, unknownLabel } = contract.decorations;
  let service: DecoratedService;
  let network: Interposer;
  let provider: PullRequestProvider;
  let head: string;

  beforeEach(async () => {
    service = await contract.start();
    network = await startInterposer(service.url);
    const host = `127.0.0.1:${network.port}`;
    const { timeoutMs = 10_000 } = contract;
    const outbound = createOutbound({ allowedHosts: [host], allowPlainHttp: false, timeoutMs });
    provider = contract.module.connect({
      repository: parseRepositoryUrl(`http://${host}/${repository}.git`),
      access: accessWith(contract.token, outbound),
    });
  });
  afterEach(async () => {
    await network.close();
    await service.close();
  });
  const openOne = async (draft?: boolean): Promise<PullRequest> => {
    await service.createBranch(repository, 'promotion');
    head = await service.push(repository, 'promotion');
    const asked = { head: 'promotion', base: 'main', title: 'Promote', body: 'body' };
    return (await provider.create(draft === undefined ? asked : { ...asked, draft }, never))!;
  };
  const decorate = (pullRequest: PullRequest, decoration: Partial<Decoration>): Promise<readonly string[]> =>
    provider.decorate(pullRequest, { ...none, ...decoration }, never);
  /** All that the service has. */
  const everything = (): Decoration => ({
    labels: features.labels === true ? labels : [],
    reviewers: {
      users: features.reviewers === true ? users : [],
      teams: features.teamReviewers === true ? [team] : [],
    },
    assignees: features.assignees === true ? users.slice(0, maxAssignees) : [],
  });
  const writesOf = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
    const before = network.seen.length;
    await work();
    return network.seen.slice(before).filter((each) => !each.startsWith('GET'));
  };
  const found = async ({ number }: PullRequest): Promise<ServiceDecorations> => {
    const { labels: on, reviewers, assignees, draft } = await service.decorations(repository, number);
    return { labels: sorted(on), reviewers: sorted(reviewers), assignees: sorted(assignees), draft };
  };
  const wanted = ({ labels: on, reviewers, assignees }: Decoration): ServiceDecorations => ({
    labels: sorted(on),
    reviewers: sorted([...reviewers.users, ...reviewers.teams]),
    assignees: sorted(assignees),
    draft: false,
  });

  describe('labels, reviewers and assignees', () => {
    it('are not asked for where none are wanted', async () => {
      const pullRequest = await openOne();
      const before = network.seen.length;
      expect(await decorate(pullRequest, {})).toEqual([]);
      expect(network.seen.slice(before)).toEqual([]);
    });

    it('are added', async () => {
      const pullRequest = await openOne();
      expect(await decorate(pullRequest, everything())).toEqual([]);
      expect(await found(pullRequest)).toEqual(wanted(everything()));
    });

    it('are added once, with no request that changes anything the next time', async () => {
      const pullRequest = await openOne();
      await decorate(pullRequest, everything());
      expect(await writesOf(() => decorate(pullRequest, everything()))).toEqual([]);
      expect(await found(pullRequest)).toEqual(wanted(everything()));
    });

    it('leave the texts as they are', async () => {
      const pullRequest = await openOne();
      await decorate(pullRequest, everything());
      const { title, body } = pullRequest;
      expect((await service.pullRequests(repository))[0]).toMatchObject({ title, body });
    });

    it('stay when the texts change', async () => {
      const pullRequest = await openOne();
      await decorate(pullRequest, everything());
      await provider.update(pullRequest, { title: 'Promote more', body: 'changed' }, never);
      expect(await found(pullRequest)).toEqual(wanted(everything()));
    });

    if (features.labels === true)
      it('keep the label that a person added', async () => {
        const pullRequest = await openOne();
        await service.decorateByHand(repository, pullRequest.number, { label: labels[0] });
        await decorate(pullRequest, { labels: [labels[1]] });
        expect(await found(pullRequest)).toMatchObject({ labels: sorted(labels) });
      });

    if (features.reviewers === true)
      it('keep the reviewer whom a person asked', async () => {
        const pullRequest = await openOne();
        await service.decorateByHand(repository, pullRequest.number, { reviewer: users[0] });
        await decorate(pullRequest, { reviewers: { users: [users[1]], teams: [] } });
        expect(await found(pullRequest)).toMatchObject({ reviewers: sorted(users) });
      });

    if (features.assignees === true)
      it('keep the assignee whom a person chose', async () => {
        const pullRequest = await openOne();
        await service.decorateByHand(repository, pullRequest.number, { assignee: users[0] });
        await decorate(pullRequest, { assignees: [users[1]] });
        expect(await found(pullRequest)).toMatchObject({
          assignees: maxAssignees > 1 ? sorted(users) : [users[0]],
        });
      });

    if (features.reviewers === true)
      it('are added although one of the reviewers is not there', async () => {
        const pullRequest = await openOne();
        const all = everything();
        const reviewers = { ...all.reviewers, users: [users[0], unknownUser, users[1]] };
        const missing = await decorate(pullRequest, { ...all, reviewers });
        expect(missing).toEqual([expect.stringContaining(unknownUser)]);
        expect(await found(pullRequest)).toEqual(wanted(all));
      });

    if (features.teamReviewers === true)
      it('are added although one of the teams is not there', async () => {
        const pullRequest = await openOne();
        const all = everything();
        const reviewers = { ...all.reviewers, teams: [unknownTeam, team] };
        const missing = await decorate(pullRequest, { ...all, reviewers });
        expect(missing).toEqual([expect.stringContaining(unknownTeam)]);
        expect(await found(pullRequest)).toEqual(wanted(all));
      });

    if (features.assignees === true)
      it('are added although one of the assignees is not there', async () => {
        const pullRequest = await openOne();
        const all = everything();
        const missing = await decorate(pullRequest, { ...all, assignees: [unknownUser, ...all.assignees] });
        expect(missing).toEqual([expect.stringContaining(unknownUser)]);
        expect(await found(pullRequest)).toEqual(wanted(all));
      });

    if (unknownLabel !== undefined && features.labels === true)
      it('are added although one of the labels is not there', async () => {
        const pullRequest = await openOne();
        const all = everything();
        const missing = await decorate(pullRequest, { ...all, labels: [unknownLabel, ...all.labels] });
        expect(missing).toEqual([expect.stringContaining(unknownLabel)]);
        expect(await found(pullRequest)).toEqual(wanted(all));
      });

    it('do not hide a fault of the service', async () => {
      const pullRequest = await openOne();
      network.next('GET', { kind: 'answer', status: 502 });
      expect(await failureOf(decorate(pullRequest, everything()))).toMatchObject({
        code: 'provider-unavailable',
      });
    });
  });

  describe('a draft', () => {
    if (features.draft === true)
      it('is opened as one, and found again', async () => {
        const pullRequest = await openOne(true);
        expect(await found(pullRequest)).toMatchObject({ draft: true });
        expect(pullRequest.title).toBe('Promote');
        expect(await provider.findOpen({ head: 'promotion', base: 'main' }, never)).toEqual(pullRequest);
      });

    if (features.draft === true)
      it('is not what is opened without a word about it', async () => {
        expect(await found(await openOne())).toMatchObject({ draft: false });
      });

    if (features.draft === true)
      it('stays one when its texts change', async () => {
        const pullRequest = await openOne(true);
        const changed = { title: 'Promote more', body: 'changed' };
        expect(await provider.update(pullRequest, changed, never)).toMatchObject(changed);
        expect(await found(pullRequest)).toMatchObject({ draft: true });
      });

    if (features.draft === true)
      it('is not merged', async () => {
        const pullRequest = await openOne(true);
        expect(await provider.merge(pullRequest, { head, manner: {} }, never)).toMatchObject({
          ...{ merged: false, because: 'not-ready' },
        });
      });
  });

  describe('a merge', () => {
    if (features.squash === true)
      it('makes one commit of all where that is wanted', async () => {
        const pullRequest = await openOne();
        const merged = await provider.merge(pullRequest, { head, manner: { squash: true } }, never);
        expect(merged).toEqual({ merged: true });
        expect(await service.parentsOfMain(repository)).toBe(1);
      });

    if (features.squash === true)
      it('keeps the commits where that is wanted, whatever the repository prefers', async () => {
        await service.preferSquash?.(repository);
        const pullRequest = await openOne();
        const merged = await provider.merge(pullRequest, { head, manner: { squash: false } }, never);
        expect(merged).toEqual({ merged: true });
        expect(await service.parentsOfMain(repository)).toBe(2);
      });

    if (features.deleteBranch === true)
      it('deletes the branch where that is wanted', async () => {
        const pullRequest = await openOne();
        const merged = await provider.merge(pullRequest, { head, manner: { deleteBranch: true } }, never);
        expect(merged).toEqual({ merged: true });
        expect(await service.branchExists(repository, 'promotion')).toBe(false);
        expect(await service.branchExists(repository, 'main')).toBe(true);
      });

    if (features.deleteBranch === true)
      it('keeps the branch where it does not happen', async () => {
        const pullRequest = await openOne();
        await service.conflict(repository, pullRequest.number);
        const merged = await provider.merge(pullRequest, { head, manner: { deleteBranch: true } }, never);
        expect(merged).toMatchObject({ merged: false, because: 'conflict' });
        expect(await service.branchExists(repository, 'promotion')).toBe(true);
      });

    it('keeps the branch where nothing is said', async () => {
      const pullRequest = await openOne();
      expect(await provider.merge(pullRequest, { head, manner: {} }, never)).toEqual({ merged: true });
      expect(await service.branchExists(repository, 'promotion')).toBe(true);
    });
  });
}

function sorted(names: readonly string[]): readonly string[] {
  return [...names].sort();
}

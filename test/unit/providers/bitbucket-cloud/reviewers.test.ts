import { userCalled } from '../../../support/fake-bitbucket-cloud/model';
import { type Asked, pullRequest, refusal, scriptedCloud } from './scripted-cloud';

const signal = new AbortController().signal;
const [ada, grace, eve] = [userCalled('ada'), userCalled('grace'), userCalled('eve')];
const none = { labels: [], reviewers: { users: [], teams: [] }, assignees: [] };
type Sent = { readonly reviewers: readonly { readonly uuid: string }[] };

/** A service whose pull request has reviewers, and that refuses some. */
function withReviewers(
  present: readonly object[],
  refused: readonly string[] = [],
  members: readonly object[] = [],
) {
  return scriptedCloud(({ method, path, body }: Asked) => {
    if (path === '/2.0/workspaces/acme/members') return { values: members.map((user) => ({ user })) };
    if (method === 'GET') return { title: 'present', description: null, reviewers: present };
    const sent = (body as Sent).reviewers.map(({ uuid }) => uuid);
    return sent.some((uuid) => refused.includes(uuid))
      ? refusal(400, 'reviewers: Malformed reviewers list', {
          fields: { reviewers: ['Malformed reviewers list'] },
        })
      : pullRequest();
  });
}
const lastSent = (asked: readonly Asked[]) => (asked.at(-1)!.body as Sent).reviewers.map(({ uuid }) => uuid);

describe('the reviewers of a pull request on Bitbucket Cloud', () => {
  it('are sent again when the texts change, without those who have left', async () => {
    const { provider, asked } = withReviewers([ada, eve, grace], [eve.uuid]);
    const texts = { title: 'new', body: 'texts' };
    await provider.update({ number: 1, url: '', title: '', body: '' }, texts, signal);
    expect(lastSent(asked)).toEqual([ada.uuid, grace.uuid]);
    expect(asked.at(-1)!.body).toMatchObject({ title: 'new', description: 'texts' });
  });

  it('are none where none of them may stay, and the texts change all the same', async () => {
    const { provider, asked } = withReviewers([eve], [eve.uuid]);
    await provider.update({ number: 1, url: '', title: '', body: '' }, { title: 'n', body: '' }, signal);
    expect(asked.at(-1)!.body).toEqual({ title: 'n', description: '', reviewers: [] });
  });

  it('are named by nickname, too, where one member has it', async () => {
    const { provider, asked } = withReviewers([ada], [], [grace]);
    const reviewers = { users: ['grace'], teams: [] };
    expect(await provider.decorate({ number: 1 }, { ...none, reviewers }, signal)).toEqual([]);
    expect(asked[1]!.query.get('q')).toBe('user.nickname = "grace"');
    expect(lastSent(asked)).toEqual([ada.uuid, grace.uuid]);
  });

  it('are added with the texts that are there, without which Bitbucket refuses the change', async () => {
    const { provider, asked } = withReviewers([ada]);
    const reviewers = { users: [grace.uuid], teams: [] };
    await provider.decorate({ number: 1 }, { ...none, reviewers }, signal);
    expect(asked[0]!.query.get('fields')).toMatch(/^title,description,/);
    expect(asked.at(-1)!.body).toMatchObject({ title: 'present', description: '' });
  });

  it.each([
    ['two members have', [grace, eve]],
    ['no member has', []],
  ])('are not guessed from a nickname that %s', async (_name, members) => {
    const { provider, asked } = withReviewers([ada], [], members);
    const reviewers = { users: ['grace'], teams: [] };
    const [sentence] = await provider.decorate({ number: 1 }, { ...none, reviewers }, signal);
    expect(sentence).toContain('The reviewer grace was not added');
    expect(asked.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('are the others where the token may not see who is a member', async () => {
    const { provider } = scriptedCloud(({ method, path }) => {
      if (path.endsWith('/members')) return refusal(403, 'scopes');
      return method === 'GET' ? { title: 'present', reviewers: [] } : pullRequest();
    });
    const reviewers = { users: ['grace', ada.uuid], teams: [] };
    expect(await provider.decorate({ number: 1 }, { ...none, reviewers }, signal)).toHaveLength(1);
  });

  it('are users, and a pull request has no labels and assignees: each is said', async () => {
    const { provider, asked } = withReviewers([]);
    const decoration = { labels: ['x'], reviewers: { users: [], teams: ['t'] }, assignees: ['a'] };
    expect(await provider.decorate({ number: 1 }, decoration, signal)).toHaveLength(3);
    expect(asked).toEqual([]);
  });
});

import { type Pipeline } from '../../../src/domain/pipeline/pipeline';
import { parseRepositoryUrl } from '../../../src/domain/pipeline/repository-url';
import { RepositoryIndex } from '../../../src/store/repository-index';
import { byPullRequest } from '../../support/provider-deliveries';
import { samplePipeline } from '../../support/sample-pipeline';

const url = (text: string) => parseRepositoryUrl(text);
const fleet = url('https://github.com/example/fleet');

function indexOf(...pipelines: readonly Pipeline[]): RepositoryIndex {
  const index = new RepositoryIndex();
  for (const pipeline of pipelines) index.set(`pipelines/${pipeline.name}`, pipeline);
  return index;
}

const secretsOf = (index: RepositoryIndex): string[] =>
  index.find('github', fleet).map(({ secretName }) => secretName);

it('finds a repository by any spelling of its URL, but not on another service or host', () => {
  const index = indexOf(byPullRequest('shop', { url: 'git@github.com:Example/fleet.git' }));
  for (const spelling of [
    'https://github.com/example/fleet.git',
    'ssh://git@ssh.github.com:443/example/fleet',
    'https://www.github.com/EXAMPLE/fleet/',
  ]) {
    expect(index.find('github', url(spelling))).toHaveLength(1);
  }
  expect(index.find('gitlab', fleet)).toEqual([]);
  expect(index.find('github', url('https://github.example.com/example/fleet'))).toEqual([]);
  expect(index.find('github', url('https://github.com/example/fleet2'))).toEqual([]);
});

it('has each reference once, until the last Pipeline with it is gone', () => {
  const index = indexOf(byPullRequest('shop'), byPullRequest('cart'));
  expect(secretsOf(index)).toEqual(['git']);
  index.set('pipelines/shop', undefined);
  expect(secretsOf(index)).toEqual(['git']);
  index.set('pipelines/cart', undefined);
  expect(secretsOf(index)).toEqual([]);
});

it('follows a Pipeline that changes', () => {
  const index = indexOf(byPullRequest('shop'));
  index.set('pipelines/shop', byPullRequest('shop', { secretName: 'new' }));
  expect(secretsOf(index)).toEqual(['new']);
  index.set('pipelines/shop', samplePipeline);
  expect(secretsOf(index)).toEqual([]);
});

it("has the repositories of the environments' own promotion blocks, without the first's, which is never used", () => {
  const { promotion } = byPullRequest('shop', { secretName: 'own' });
  const [dev, staging, prod] = samplePipeline.environments;
  const withBlock = (at: number): Pipeline => ({
    ...samplePipeline,
    environments: [dev!, staging!, prod!].map((each, index) =>
      index === at ? { ...each, promotion: promotion! } : each,
    ),
  });
  expect(secretsOf(indexOf(withBlock(1)))).toEqual(['own']);
  expect(secretsOf(indexOf(withBlock(0)))).toEqual([]);
});

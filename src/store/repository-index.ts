import { type Pipeline, type ProviderType } from '../domain/pipeline/pipeline';
import { repositoryIdentity } from '../domain/pipeline/repository-identity';
import { type RepositoryUrl, readRepositoryUrl } from '../domain/pipeline/repository-url';
import {
  type FollowedRepository,
  followedRepository,
  referenceKey,
} from '../domain/promotion/followed-repository';
import { promotionBlocks } from '../resources/secret-references';

interface Reference {
  readonly repository: FollowedRepository;
  /** How many Pipelines have it. */
  pipelines: number;
}

/** The repositories of Pipelines, by service and identity: a look-up costs the same however many Pipelines there are. */
export class RepositoryIndex {
  readonly #byRepository = new Map<string, Map<string, Reference>>();
  readonly #ofPipeline = new Map<string, readonly FollowedRepository[]>();

  /** @param key `namespace/name` of the Pipeline @param pipeline undefined: it was deleted, or is invalid */
  set(key: string, pipeline: Pipeline | undefined): void {
    for (const repository of this.#ofPipeline.get(key) ?? []) this.#remove(repository);
    const repositories = pipeline === undefined ? [] : repositoriesOf(pipeline);
    if (repositories.length === 0) this.#ofPipeline.delete(key);
    else this.#ofPipeline.set(key, repositories);
    for (const repository of repositories) this.#add(repository);
  }

  /** The different references to one repository, in any spelling of its URL. */
  find(provider: ProviderType, url: RepositoryUrl): readonly FollowedRepository[] {
    const references = this.#byRepository.get(keyOf(provider, url))?.values() ?? [];
    return [...references].map(({ repository }) => repository);
  }

  #add(repository: FollowedRepository): void {
    const key = repositoryKey(repository);
    if (key === undefined) return;
    const references = this.#byRepository.get(key) ?? new Map<string, Reference>();
    this.#byRepository.set(key, references);
    const reference = references.get(referenceKey(repository));
    if (reference === undefined) references.set(referenceKey(repository), { repository, pipelines: 1 });
    else reference.pipelines += 1;
  }

  #remove(repository: FollowedRepository): void {
    const key = repositoryKey(repository);
    const references = key === undefined ? undefined : this.#byRepository.get(key);
    const reference = references?.get(referenceKey(repository));
    if (key === undefined || references === undefined || reference === undefined) return;
    reference.pipelines -= 1;
    if (reference.pipelines === 0) references.delete(referenceKey(repository));
    if (references.size === 0) this.#byRepository.delete(key);
  }
}

/** Each once. */
function repositoriesOf(pipeline: Pipeline): readonly FollowedRepository[] {
  const repositories = promotionBlocks(pipeline).flatMap(({ strategy }): [string, FollowedRepository][] => {
    if (strategy.kind !== 'pull-request') return [];
    const repository = followedRepository(pipeline.namespace, strategy);
    return [[referenceKey(repository), repository]];
  });
  return [...new Map(repositories).values()];
}

function repositoryKey({ provider, url }: FollowedRepository): string | undefined {
  const reading = readRepositoryUrl(url);
  return reading.ok ? keyOf(provider, reading.url) : undefined;
}

function keyOf(provider: ProviderType, url: RepositoryUrl): string {
  return `${provider} ${repositoryIdentity(url)}`;
}

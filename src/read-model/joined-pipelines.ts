/** The store's Pipelines joined with the lanes, kept up to date entry by entry. */
import { isDeepStrictEqual } from 'node:util';
import { type LaneView } from '../domain/lane/lane-view';
import { formatPipelineRef, type PipelineRef, refOf } from '../domain/pipeline/pipeline';
import { type PipelineSummary } from '../operator/schemas/pipelines';
import { type ListedPipeline } from '../store/pipeline-store';
import { type ChangeFeed } from './change-feed';
import { summarize } from './pipeline-summary';

/** A Pipeline as the store has it, and with what its lanes know. */
export interface JoinedPipeline {
  readonly listed: ListedPipeline;
  readonly summary: PipelineSummary;
}

const none: ReadonlyMap<string, LaneView> = new Map();

export class JoinedPipelines {
  readonly #entries = new Map<string, JoinedPipeline>();
  /** By Pipeline, then by environment. */
  readonly #lanes = new Map<string, Map<string, LaneView>>();

  /** @param changes hears of every environment that looks different */
  constructor(private readonly changes: Pick<ChangeFeed, 'append'>) {}

  get(ref: PipelineRef): JoinedPipeline | undefined {
    return this.#entries.get(formatPipelineRef(ref));
  }

  *summaries(): Generator<PipelineSummary> {
    for (const { summary } of this.#entries.values()) yield summary;
  }

  all(): Iterable<JoinedPipeline> {
    return this.#entries.values();
  }

  /** Of all Pipelines, also of those that have gone. */
  *lanes(): Generator<LaneView> {
    for (const lanes of this.#lanes.values()) yield* lanes.values();
  }

  lane(ref: PipelineRef, environment: string): LaneView | undefined {
    return this.#lanes.get(formatPipelineRef(ref))?.get(environment);
  }

  /** All Pipelines that there are. */
  putPipelines(listed: readonly ListedPipeline[]): void {
    const left = new Set(this.#entries.keys());
    for (const each of listed) {
      const key = formatPipelineRef(each.pipeline);
      left.delete(key);
      if (!isSame(this.#entries.get(key)?.listed, each)) this.#join(key, each);
    }
    for (const key of left) {
      this.#entries.delete(key);
      const { namespace, name } = refOf(key);
      this.changes.append('removed', { namespace, pipeline: name }, { namespace, name });
    }
  }

  /** Lanes that are new or have changed. */
  putLanes(views: Iterable<LaneView>): void {
    const touched = new Set<string>();
    for (const view of views) {
      const key = formatPipelineRef(view.pipeline);
      const lanes = this.#lanes.get(key) ?? new Map<string, LaneView>();
      const known = lanes.get(view.environment);
      if (known !== undefined && known.changedAt > view.changedAt) continue;
      if (isDeepStrictEqual(known, view)) continue;
      this.#lanes.set(key, lanes.set(view.environment, view));
      touched.add(key);
    }
    this.#joinAgain(touched);
  }

  /** Drops the lanes that no longer run. */
  keepLanes(isKept: (view: LaneView) => boolean): void {
    const touched = new Set<string>();
    for (const [key, lanes] of this.#lanes) {
      for (const [environment, view] of lanes) {
        if (isKept(view)) continue;
        lanes.delete(environment);
        touched.add(key);
      }
      if (lanes.size === 0) this.#lanes.delete(key);
    }
    this.#joinAgain(touched);
  }

  #joinAgain(keys: Iterable<string>): void {
    for (const key of keys) {
      const listed = this.#entries.get(key)?.listed;
      if (listed !== undefined) this.#join(key, listed);
    }
  }

  #join(key: string, listed: ListedPipeline): void {
    const before = this.#entries.get(key)?.summary;
    const summary = summarize(listed, this.#lanes.get(key) ?? none);
    this.#entries.set(key, { listed, summary });
    const { namespace, name } = listed.pipeline;
    for (const environment of summary.environments) {
      const known = before?.environments.find((each) => each.name === environment.name);
      if (isDeepStrictEqual(known, environment)) continue;
      this.changes.append('environment', { namespace, pipeline: name, environment }, { namespace, name });
    }
  }
}

function isSame(known: ListedPipeline | undefined, now: ListedPipeline): boolean {
  if (known === undefined || known.valid !== now.valid) return false;
  if (known.valid) return known.pipeline === now.pipeline;
  return !now.valid && known.fault === now.fault;
}

/** What a lane learns from the environment that it promotes into: what runs there. */
import { compareVersions } from '../version/compare-versions';
import { type EnvironmentFact } from '../environment-fact';
import { type EnvironmentNews } from '../promotion/promotion-news';
import { hold } from './held-versions';
import { type LaneState, type LaneTask, type Report } from './lane-state';
import { type LaterRollback, rollBackLater } from './later-rollback';
import { rememberRan } from './ran-versions';
import { isSameVersion } from './running-versions';

export interface FactStep {
  readonly state: LaneState;
  /** For the promotion that it is about. */
  readonly news?: { readonly task: LaneTask; readonly news: EnvironmentNews };
  readonly laterRollback?: LaterRollback;
}

interface Versioned {
  readonly version: string;
}

/** As of reports. */
const recentLimit = 256;
const runningLimit = 64;

export function onFact(state: LaneState, fact: EnvironmentFact): FactStep {
  if (state.recent.includes(fact.identity)) return { state };
  const seen: LaneState = {
    ...state,
    recent: [...state.recent, fact.identity].slice(-recentLimit),
    targets: fact.targets,
  };
  const before = state.running?.find(({ reporter }) => reporter === fact.reporter);
  // By time alone: a HelmRelease that was installed again counts its releases from 1.
  if (before !== undefined && fact.at < before.at) return { state: seen };
  const now = remember(seen, fact);
  const abandoned = abandonedBy(now, fact, before);
  if (abandoned === undefined) return { state: now, ...deployedNews(now) };
  const task = [now.settling?.task, now.deployed].find(
    (each) => each !== undefined && isSameVersion(abandoned, each),
  );
  const held = hold(now, {
    // As its source reports it, where that is known.
    version: task?.version ?? abandoned,
    because: 'rolled-back',
    at: fact.at,
    ...(task === undefined ? {} : { task }),
  });
  if (task === undefined) return { state: held };
  if (task !== now.settling?.task) return rollBackLater(held, task, fact);
  return { state: held, news: { task, news: { type: 'rolled-back', to: fact.version, at: fact.at } } };
}

/**
 * Whether all targets run what settles, also if it was merged just now. Or what acts: then its pull request was merged, and
 * the provider has not been asked since.
 */
export function deployedNews(state: LaneState): Pick<FactStep, 'news'> {
  const { settling, inHand, proposal, running = [], targets = 1 } = state;
  const proposed = proposal === undefined ? undefined : inHand;
  for (const task of [settling?.task, proposed]) {
    if (task === undefined) continue;
    const there = running.filter(({ version }) => isSameVersion(version, task));
    if (there.length < Math.max(targets, 1)) continue;
    return { news: { task, news: { type: 'deployed', at: Math.max(...there.map(({ at }) => at)) } } };
  }
  return {};
}

/**
 * What settles since `at`, where a target went back to another version since then: it did so before the merge was heard of.
 * @returns undefined: none did
 */
export function rolledBackBefore(state: LaneState, task: LaneTask, at: number): FactStep | undefined {
  const back = state.running?.find(
    (report) => report.rolledBack === true && report.at >= at && !isSameVersion(report.version, task),
  );
  if (back === undefined) return undefined;
  return {
    state: hold(state, { version: task.version, because: 'rolled-back', at: back.at, task }),
    news: { task, news: { type: 'rolled-back', to: back.version, at: back.at } },
  };
}

function remember(state: LaneState, fact: EnvironmentFact): LaneState {
  const { at, reporter, version, object } = fact;
  const isRollback = fact.kind === 'rolled-back';
  const report: Report = { at, reporter, version, object, ...(isRollback ? { rolledBack: true } : {}) };
  const others = (state.running ?? []).filter(({ reporter: other }) => other !== reporter);
  return rememberRan({ ...state, running: [...others, report].slice(-runningLimit) }, fact);
}

/**
 * The version that a target no longer runs, because it was rolled back or reverted. Helm's rollback after a failed upgrade
 * never reported the newer version: then it is the one that settles.
 */
function abandonedBy(
  state: LaneState,
  fact: EnvironmentFact,
  before: Report | undefined,
): string | undefined {
  const wanted = lastDecidedFor(state);
  // Also a downgrade that people merged.
  if (wanted !== undefined && isSameVersion(fact.version, wanted)) return undefined;
  if (fact.kind === 'rolled-back') {
    const runsOther = before !== undefined && before.version !== fact.version;
    return runsOther ? before.version : state.settling?.task.version;
  }
  const isReverted = before !== undefined && (compareVersions(fact.version, before.version) ?? 0) < 0;
  return isReverted ? before.version : undefined;
}

/** The version that this lane last brought to the environment, or is bringing. */
function lastDecidedFor({ settling, inHand, proposal, outcomes }: LaneState): Versioned | undefined {
  const merged = outcomes.find(({ state }) => state === 'merged' || state === 'deployed');
  return settling?.task ?? (proposal === undefined ? merged : inHand);
}

/** Which freezes hold the promotions into an environment, now or later. */
import { type FreezeInForce, type FreezePolicy } from '../gates/freeze';
import { type Suspension } from '../gates/suspend';
import { formatPipelineRef } from '../pipeline/pipeline';
import { type Freeze, isInForce, type Selectable, selectsPipeline } from './freeze';

/** In a promotion's history: the others end earlier. */
const keptInForce = 3;

/** What the gates want to know, see `src/domain/gates/freeze.ts` and `suspend.ts`. */
interface HoldingPolicy extends FreezePolicy {
  readonly suspension?: Suspension;
}

/**
 * The freezes that hold promotions of `pipeline` into `environment`, the one that lasts longest first.
 * @param now milliseconds since the epoch
 */
export function freezesInForce(
  freezes: readonly Freeze[],
  pipeline: Selectable,
  environment: string,
  now: number,
): FreezeInForce[] {
  return longestFirst(
    selecting(freezes, pipeline, environment)
      .filter((freeze) => freeze.suspends !== true && isInForce(freeze, now))
      .map(toFreezeInForce),
  );
}

/** The suspension of `pipeline` or of its `environment` by the API. @param now milliseconds since the epoch */
function suspensionInForce(
  freezes: readonly Freeze[],
  pipeline: Selectable,
  environment: string,
  now: number,
): Suspension | undefined {
  const [first] = longestFirst(
    selecting(freezes, pipeline, environment)
      .filter((freeze) => freeze.suspends === true && isInForce(freeze, now))
      .map((freeze) => ({
        ...toFreezeInForce(freeze),
        pipeline: formatPipelineRef(pipeline),
        ...(freeze.environments === undefined ? {} : { environment }),
      })),
  );
  return first;
}

/** What holds promotions into an environment, or will. @param now milliseconds since the epoch */
export function freezePolicy(
  freezes: readonly Freeze[],
  pipeline: Selectable,
  environment: string,
  now: number,
): HoldingPolicy {
  const inForce = freezesInForce(freezes, pipeline, environment, now).slice(0, keptInForce);
  const suspension = suspensionInForce(freezes, pipeline, environment, now);
  const starts = selecting(freezes, pipeline, environment).flatMap(({ from }) =>
    from !== undefined && from > now ? [from] : [],
  );
  return {
    ...(inForce.length === 0 ? {} : { freezes: inForce }),
    ...(suspension === undefined ? {} : { suspension }),
    ...(starts.length === 0 ? {} : { freezeStartsAt: Math.min(...starts) }),
  };
}

function selecting(freezes: readonly Freeze[], pipeline: Selectable, environment: string): Freeze[] {
  return freezes.filter(
    (freeze) => selectsPipeline(freeze, pipeline) && (freeze.environments?.includes(environment) ?? true),
  );
}

function toFreezeInForce(freeze: Freeze): FreezeInForce {
  const { reason, author, until } = freeze;
  return {
    name: formatPipelineRef(freeze),
    reason,
    ...(author === undefined ? {} : { author }),
    ...(until === undefined ? {} : { until }),
  };
}

function longestFirst<T extends FreezeInForce>(freezes: readonly T[]): T[] {
  return [...freezes].sort((a, b) => endOf(b) - endOf(a) || (a.name < b.name ? -1 : 1));
}

/** The difference of two endless freezes must not be NaN. */
function endOf({ until }: FreezeInForce): number {
  return until ?? Number.MAX_VALUE;
}

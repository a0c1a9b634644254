/** Which freezes hold the promotions into an environment, now or later. */
import { type FreezeInForce, type FreezePolicy } from '../gates/freeze';
import { formatPipelineRef, type Pipeline } from '../pipeline/pipeline';
import { type Freeze, selectsPipeline } from './freeze';

type Selectable = Pick<Pipeline, 'namespace' | 'labels'>;

/** In a promotion's history: the others end earlier. */
const keptInForce = 3;

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
  return selecting(freezes, pipeline, environment)
    .filter(({ from = -Infinity, until = Infinity }) => from <= now && now < until)
    .map(toFreezeInForce)
    .sort((a, b) => endOf(b) - endOf(a) || (a.name < b.name ? -1 : 1));
}

/** What the gate wants to know of the freezes, see `src/domain/gates/freeze.ts`. @param now milliseconds since the epoch */
export function freezePolicy(
  freezes: readonly Freeze[],
  pipeline: Selectable,
  environment: string,
  now: number,
): FreezePolicy {
  const inForce = freezesInForce(freezes, pipeline, environment, now).slice(0, keptInForce);
  const starts = selecting(freezes, pipeline, environment).flatMap(({ from }) =>
    from !== undefined && from > now ? [from] : [],
  );
  return {
    ...(inForce.length === 0 ? {} : { freezes: inForce }),
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

/** The difference of two endless freezes must not be NaN. */
function endOf({ until }: FreezeInForce): number {
  return until ?? Number.MAX_VALUE;
}

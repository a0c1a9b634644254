import { type LaneView } from '../../src/domain/lane/lane-view';

/** A lane of `apps/shop` into prod that nothing happens in, unless `fields` say otherwise. */
export function laneViewOf(fields: Partial<LaneView> = {}): LaneView {
  return {
    schema: 1,
    pipeline: { namespace: 'apps', name: 'shop' },
    environment: 'prod',
    sentence: 'prod: nothing waits',
    changedAt: Date.UTC(2026, 10, 28, 10),
    ...fields,
  };
}

/** A promotion of `version` that waits for approval. */
export function waiting(version: string, since = Date.UTC(2026, 10, 28, 9)): NonNullable<LaneView['acting']> {
  return {
    version,
    action: 'promote',
    identity: 'a'.repeat(64),
    from: 'staging',
    since,
    state: 'waiting-for-approval',
    waits: `prod waits for ${version}: 0 of 1 approval`,
  };
}

import { type DeploymentEvent } from '../../src/domain/event';
import { sha256Hex } from '../../src/domain/names';
import { type PromotionTask } from '../../src/domain/promotion/promotion';

export const pipelineRef = { namespace: 'apps', name: 'shop' } as const;

/** A whole second, as Flux's timestamps have. */
export const noon = Date.UTC(2026, 10, 23, 12, 0, 0);

/** An event with an identity made as the webhook makes it; say only what matters. */
export function deployment(
  overrides: Partial<DeploymentEvent> & { readonly version: string },
): DeploymentEvent {
  const reporter = overrides.reporter ?? 'uid-a';
  const release = 'release' in overrides ? overrides.release : undefined;
  return {
    pipeline: pipelineRef,
    environment: 'dev',
    identity: sha256Hex(
      [reporter, release ?? overrides.at ?? noon, overrides.version, overrides.kind].join(' '),
    ),
    kind: 'deployed',
    reporter,
    install: false,
    at: noon,
    object: 'dev/shop',
    ...overrides,
  };
}

/** A promotion of 1.1.0 from dev into staging, of the release with this number. */
export function promotionTask(release: number, overrides: Partial<PromotionTask> = {}): PromotionTask {
  const event = deployment({ version: '1.1.0', release });
  return {
    action: 'promote',
    pipeline: pipelineRef,
    from: 'dev',
    to: 'staging',
    version: event.version,
    event,
    ...overrides,
  };
}

import { type DeploymentEvent } from '../../src/domain/event';
import { sha256Hex } from '../../src/domain/names';

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

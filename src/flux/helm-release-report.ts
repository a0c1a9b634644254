/** The event that Flux would have sent for what a HelmRelease runs, from the object itself. */
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { type ReportedRelease } from './encode-event';

/**
 * The part of a HelmRelease (helm.toolkit.fluxcd.io/v2, helm-controller 1.0 or newer) that says what runs. The history
 * holds failed and superseded releases, too, and not always the newest first.
 */
const helmReleaseSchema = z.object({
  kind: z.literal('HelmRelease', { error: 'kind must be HelmRelease' }),
  metadata: z.object({ namespace: z.string(), name: z.string(), uid: z.string() }),
  status: z.object({
    history: z.array(
      z.object({
        version: z.int().positive(),
        chartVersion: z.string(),
        status: z.string(),
        ociDigest: z.string().optional(),
      }),
    ),
  }),
});

export type HelmReleaseReading =
  | { readonly release: Omit<ReportedRelease, 'at'> }
  /** A sentence without its full stop. */
  | { readonly fault: string };

/** Reads what `kubectl get helmrelease NAME -o yaml` (or `-o json`) prints. */
export function readDeployedRelease(text: string): HelmReleaseReading {
  const [document, ...others] = [...parseAllDocuments(text, { prettyErrors: false })];
  if (document === undefined || document.errors.length > 0) return { fault: 'it is neither YAML nor JSON' };
  if (others.length > 0) return { fault: 'it holds several objects: give one HelmRelease' };
  const { data, error } = helmReleaseSchema.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (data === undefined) {
    const [issue] = error.issues;
    return { fault: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}` };
  }
  const deployed = data.status.history
    .filter(({ status }) => status === 'deployed')
    .reduce<(typeof data.status.history)[number] | undefined>(
      (newest, entry) => (newest === undefined || entry.version > newest.version ? entry : newest),
      undefined,
    );
  if (deployed === undefined)
    return { fault: 'none of its releases is deployed: there is nothing to promote' };
  const { namespace, name, uid } = data.metadata;
  const { version: release, chartVersion: revision, ociDigest } = deployed;
  return {
    release: { namespace, name, uid, release, revision, ...(ociDigest === undefined ? {} : { ociDigest }) },
  };
}

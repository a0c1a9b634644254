import { z } from 'zod';
import { eventFaults } from './event-faults';

/**
 * The fields that Windlass reads of the event that Flux's notification-controller posts
 * (https://pkg.go.dev/github.com/fluxcd/pkg/apis/event/v1beta1#Event); others are allowed.
 */
const fluxEventSchema = z.object({
  involvedObject: z.object({
    apiVersion: z.string().optional(),
    kind: z.string(),
    namespace: z.string(),
    name: z.string(),
    uid: z.string().nullish(),
  }),
  severity: z.string().nullish(),
  /** Go writes an unset time as null. */
  timestamp: z.iso.datetime({ offset: true }).nullish(),
  message: z.string().nullish(),
  reason: z.string().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});

export type FluxEvent = z.infer<typeof fluxEventSchema>;

export type FluxEventParse =
  | { readonly ok: true; readonly event: FluxEvent }
  /** `fault` is a sentence that names the field and what is wrong with it. */
  | { readonly ok: false; readonly fault: string };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Parses a body as a Flux event. */
export function parseFluxEvent(body: Uint8Array): FluxEventParse {
  let json: unknown;
  try {
    json = JSON.parse(utf8.decode(body));
  } catch {
    return { ok: false, fault: eventFaults.noJson() };
  }
  const parsed = fluxEventSchema.safeParse(json);
  if (parsed.success) return { ok: true, event: parsed.data };
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  return {
    ok: false,
    fault: eventFaults.noFluxEvent(field === '' ? 'body' : field, issue?.message ?? 'invalid'),
  };
}

/** helm-controller's prefix; notification-controller strips it, other senders may not. */
const helmPrefix = 'helm.toolkit.fluxcd.io/';

/** A metadata value with or without helm-controller's prefix; undefined if it is missing or empty. */
export function metadataValue(event: FluxEvent, key: string): unknown {
  const value = event.metadata?.[key] ?? event.metadata?.[helmPrefix + key];
  return value === '' ? undefined : (value ?? undefined);
}

/**
 * Reads Helm's release number from helm-controller's message, "Helm upgrade succeeded for release ns/name.v2 with chart
 * …".
 * @returns undefined if the message has none, as before helm-controller 0.37
 */
export function releaseNumber(message: string): number | undefined {
  const digits = /\bfor release \S+\.v([1-9]\d{0,8})(?=\s|$)/.exec(message)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The characters of a revision that are safe in YAML, commit trailers and titles. */
const plainRevision = /^[A-Za-z0-9][A-Za-z0-9._+~:/@-]*$/;
const maxRevisionLength = 200;

/** The error of a revision, completing "the revision …"; undefined if it is valid. */
export function revisionFault(revision: string): string | undefined {
  if (revision.length > maxRevisionLength) return `is longer than ${maxRevisionLength} characters`;
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(revision)) return 'has control characters';
  if (!plainRevision.test(revision)) return 'has characters that are not allowed in a version';
  return undefined;
}

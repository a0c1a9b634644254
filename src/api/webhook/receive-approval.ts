/** pipeline-controller's approval of one revision: `POST /approval/{namespace}/{pipeline}/{environment}/{revision}`. */
import { z } from 'zod';
import { type CapabilitySigner } from '../../capability/capabilities';
import { sha256Hex } from '../../domain/names';
import { formatPipelineRef } from '../../domain/pipeline/pipeline';
import { type PipelineStore } from '../../store/pipeline-store';
import { type ManualApprovalAnswer, type ManualApprovals, NoWorker } from '../../temporal/manual-approvals';
import { audited, type AuditLog } from '../audit-log';
import { type Unavailable, unavailable } from '../unavailable';
import { authenticate, type SignedRequest } from './authenticate';
import { type FixedWindow } from './fixed-window';

/** As long as an event is tried to be recorded. */
const approvalDeadlineMs = 6_000;
/** How far the clocks of sender and receiver can differ, and how long a captured request can be sent again. */
const freshMs = 5 * 60_000;

export type ApprovalReceipt =
  | { readonly outcome: 'approved'; readonly promotion: string; readonly version: string }
  | { readonly outcome: 'unauthorized'; readonly why: () => string }
  | { readonly outcome: 'unprocessable'; readonly fault: string; readonly signed: true }
  | { readonly outcome: 'too-many-events' }
  | { readonly outcome: 'nothing-to-approve' }
  /** The promotion's own sentence. */
  | { readonly outcome: 'approval-refused'; readonly says: string }
  | { readonly outcome: 'no-worker' }
  | Unavailable;

export interface ApprovalReceiving {
  readonly store: PipelineStore;
  readonly approvals: ManualApprovals;
  /** Absent: there is no key. */
  readonly capabilities?: CapabilitySigner;
  /** Accepts a signature over an empty body, as pipeline-controller does: it never expires. */
  readonly allowUnbound: boolean;
  /** By pipeline and environment. */
  readonly requests: FixedWindow;
  readonly audit: AuditLog;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface ApprovalRequest extends Omit<SignedRequest, 'into'> {
  /** Of the path. */
  readonly revision: string;
  /** The client's address. */
  readonly client: string;
}

const bodySchema = z.strictObject({
  revision: z.string().max(512),
  time: z.iso.datetime({ offset: true }),
});

/**
 * Verifies an approval and gives it to the promotion that waits. To send it again changes nothing, because a promotion is
 * approved once.
 * @param onUnderstood called once the sender can do nothing wrong any more
 */
export async function receiveApproval(
  receiving: ApprovalReceiving,
  request: ApprovalRequest,
  onUnderstood: () => void,
): Promise<ApprovalReceipt> {
  try {
    return await receive(receiving, request, onUnderstood);
  } catch (error) {
    if (error instanceof NoWorker) return { outcome: 'no-worker' };
    return unavailable(error);
  }
}

async function receive(
  { store, approvals, capabilities, allowUnbound, requests, audit, now }: ApprovalReceiving,
  request: ApprovalRequest,
  onUnderstood: () => void,
): Promise<ApprovalReceipt> {
  const { body, revision: version, environment, client } = request;
  // A Pipeline may take unsigned events, but not unsigned approvals.
  const sender = await authenticate(store, { ...request, into: true }, false);
  if (!sender.authentic) return { outcome: 'unauthorized', why: sender.why };
  if (!sender.signed) return { outcome: 'unauthorized', why: () => 'an approval must be signed' };
  const at = now();
  const fault = bodyFault(body, version, at, allowUnbound);
  if (fault !== undefined) return { outcome: 'unprocessable', fault, signed: true };
  onUnderstood();
  const { namespace, name } = sender.pipeline;
  const place = `${formatPipelineRef(sender.pipeline)}/${environment}`;
  if (!requests.take(JSON.stringify(['approval', place]))) return { outcome: 'too-many-events' };
  const by = `signature:${place}`;
  const actor = { name: by, via: 'signature', from: client } as const;
  const send = (): Promise<ManualApprovalAnswer> =>
    approvals.approve(
      {
        pipeline: { namespace, name },
        environment,
        version,
        by,
        via: actor.via,
        from: client,
        request: sha256Hex(JSON.stringify([place, version, Buffer.from(body).toString('base64')])),
        capability: (promotion) => capabilities?.sign({ kind: 'approve', promotion, version, actor, at }),
      },
      approvalDeadlineMs,
    );
  const answer = await audited(
    audit,
    { namespace, pipeline: name, environment },
    { kind: 'approved', at, version, by, via: actor.via, from: client },
    send,
    ({ state }) => (state === 'approved' ? 'done' : 'refused'),
    () => false,
  );
  if (answer.state === 'none') return { outcome: 'nothing-to-approve' };
  if (answer.state === 'refused') return { outcome: 'approval-refused', says: answer.says };
  return { outcome: 'approved', promotion: answer.promotion, version };
}

/** @returns a sentence for the sender, who has the key */
function bodyFault(
  body: Uint8Array,
  revision: string,
  now: number,
  allowUnbound: boolean,
): string | undefined {
  if (body.length === 0) {
    return allowUnbound
      ? undefined
      : 'the body is empty: sign a JSON body with "revision" and "time", as docs/migrating.md shows.';
  }
  const given = readBody(body);
  if (given === undefined) return 'the body must be JSON with "revision" and "time" (RFC 3339), and no more.';
  if (given.revision !== revision) return 'the revision in the body is not the one of the path.';
  return Math.abs(now - Date.parse(given.time)) > freshMs
    ? 'the time in the body is not within 5 minutes of now.'
    : undefined;
}

function readBody(body: Uint8Array): z.infer<typeof bodySchema> | undefined {
  try {
    return bodySchema.safeParse(JSON.parse(Buffer.from(body).toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Acts on a lane: promote, roll back, retry, cancel. */
import { type ActClaim } from '../../../domain/capability/claim';
import { readComment } from '../../../domain/approvals/decision';
import { type RecordKind } from '../../../domain/record/audit-record';
import { type LaneAct } from '../../../domain/lane/lane-act';
import { type Done } from '../../../operator/schemas/acts';
import { laneId } from '../../../workflows/contract/ids';
import { actorOf } from '../actor';
import { auditedAct } from '../audited-act';
import { actKey } from '../idempotency';
import { type Asking, type Handlers, type OperatorRequest } from '../operator-request';
import { Refusal } from '../refusal';
import { type HandlerParts } from './handler-parts';
import { hopOf } from './hop-of';

type Name = 'promote' | 'rollback' | 'retry' | 'cancel';
type Parts = Pick<HandlerParts, 'store' | 'acts' | 'signer' | 'answers' | 'audit' | 'now'>;

const recordedAs = {
  promote: 'promote-requested',
  rollback: 'rollback-requested',
  retry: 'retry-requested',
  cancel: 'cancel-requested',
} as const satisfies Record<Name, RecordKind>;

export function laneActHandlers(parts: Parts): Pick<Handlers, Name> {
  return {
    promote: (request) => act(parts, 'promote', request),
    rollback: (request) => act(parts, 'rollback', request),
    retry: (request) => act(parts, 'retry', request),
    cancel: (request) => act(parts, 'cancel', request),
  };
}

interface ActRequest extends Asking {
  readonly route: Name;
  readonly params: OperatorRequest<Name>['params'];
  readonly body: { readonly version?: string; readonly reason?: string | undefined };
}

async function act(parts: Parts, kind: Name, request: ActRequest): Promise<Done> {
  const key = actKey(request);
  return parts.answers.once(key, () => actOnce(parts, kind, request, key));
}

async function actOnce(parts: Parts, kind: Name, request: ActRequest, key: string): Promise<Done> {
  const { params, body } = request;
  const { namespace, name, environment } = params;
  const { hop, next } = await hopOf(parts, params);
  const lane = laneId({ namespace, name }, environment);
  const actor = actorOf(request);
  const at = parts.now();
  const reason = body.reason === undefined ? undefined : readComment(body.reason);
  const asked: LaneAct = {
    kind,
    ...(body.version === undefined ? {} : { version: body.version }),
    actor,
    at,
    ...(reason === undefined ? {} : { reason }),
    key,
    source: hop.from.name,
    ...(kind === 'rollback' && next !== undefined ? { next } : {}),
  };
  const capability = capabilityOf(parts, asked, lane);
  const { groups, via, from } = actor;
  const answer = await auditedAct(
    parts.audit,
    { namespace, pipeline: name, environment },
    {
      kind: recordedAs[kind],
      at,
      ...(body.version === undefined ? {} : { version: body.version }),
      by: actor.name,
      ...(groups === undefined ? {} : { groups }),
      via,
      ...(from === undefined ? {} : { from }),
      ...(reason === undefined ? {} : { detail: reason }),
      key,
    },
    async () => {
      // Only a version that is named can be promoted into an environment that nothing was promoted into so far.
      const done = await parts.acts.act(
        { namespace, name },
        environment,
        { ...asked, ...(capability === undefined ? {} : { capability }) },
        kind === 'promote',
      );
      if (done !== undefined) return done;
      throw new Refusal('conflict', `Nothing was promoted into ${environment} yet.`);
    },
    ({ repeated }) => (repeated === true ? 'repeated' : 'done'),
  );
  return {
    said: answer.said,
    by: { name: actor.name, via: actor.via },
    at: new Date(at).toISOString(),
    lane,
    ...(answer.version === undefined ? {} : { version: answer.version }),
    repeated: answer.repeated === true,
  };
}

function capabilityOf({ signer }: Parts, act: LaneAct, lane: string): string | undefined {
  const { kind, version, actor, key, at } = act;
  if (signer === undefined || version === undefined || (kind !== 'promote' && kind !== 'rollback'))
    return undefined;
  const claim: ActClaim = { kind, lane, version, actor, key, at };
  return signer.sign(claim);
}

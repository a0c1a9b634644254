/** What people decide about the promotion in progress: approve, reject, open gates. */
import { readComment } from '../../../domain/approvals/decision';
import { type DecisionInput } from '../../../domain/approvals/decision';
import { type Claim } from '../../../domain/capability/claim';
import { type Actor } from '../../../domain/people/actor';
import { rulesFor } from '../../../domain/policy/promotion-policy';
import { type RecordKind } from '../../../domain/record/audit-record';
import { type Done } from '../../../operator/schemas/acts';
import { ActRefused } from '../../../temporal/operator-acts';
import { linkSpan } from '../../../tracing/spans';
import { laneId, promotionId } from '../../../workflows/contract/ids';
import { actorOf } from '../actor';
import { auditedAct } from '../audited-act';
import { actKey, manualKey } from '../idempotency';
import { type Asking, type Handlers, type OperatorRequest } from '../operator-request';
import { Refusal } from '../refusal';
import { answeredBefore, approved, mayBeRepeated } from './answered-before';
import { type HandlerParts } from './handler-parts';
import { type FoundHop, hopOf } from './hop-of';

type Name = 'approve' | 'reject' | 'override';
type Parts = Pick<HandlerParts, 'store' | 'acts' | 'signer' | 'policy' | 'answers' | 'audit' | 'now'>;

export function decisionHandlers(parts: Parts): Pick<Handlers, Name> {
  return {
    approve: (request) =>
      decide(parts, request, 'approved', request.body, async (decision) => {
        const { version, head, comment } = request.body;
        const capability = decision.sign({
          kind: 'approve',
          ...(head === undefined ? {} : { head }),
        });
        return approve(parts, decision, { ...decision.input({ version, head, comment }), ...capability });
      }),
    reject: (request) =>
      decide(parts, request, 'rejected', request.body, async (decision) => {
        const { version, head, comment } = request.body;
        const capability = decision.sign({
          kind: 'reject',
          ...(head === undefined ? {} : { head }),
        });
        const input = { ...decision.input({ version, head, comment }), ...capability };
        return parts.acts.reject(decision.promotion, input, decision.key);
      }),
    override: (request) =>
      decide(
        parts,
        request,
        'gates-overridden',
        { version: request.body.version, comment: request.body.reason },
        async (decision) => {
          const { version, gates, reason } = request.body;
          const capability = decision.sign({ kind: 'override', gates });
          const input = { version, gates, reason, ...decision.origin, ...capability };
          return parts.acts.override(decision.promotion, input, decision.key);
        },
        `${request.body.gates.join(', ')}: `,
      ),
  };
}

interface DecideRequest extends Asking {
  readonly route: Name;
  readonly params: OperatorRequest<Name>['params'];
  readonly body: object;
}

interface Decided {
  readonly version: string;
  readonly head?: string | undefined;
  readonly comment?: string | undefined;
}

type Origin = Pick<DecisionInput, 'by' | 'groups' | 'via' | 'from' | 'key'>;

/** A decision about one promotion. */
interface Decision {
  readonly promotion: string;
  readonly key: string;
  readonly found: FoundHop;
  /** Who decides, from where, under which key. */
  readonly origin: Origin;
  readonly input: (decided: Decided) => DecisionInput;
  readonly sign: (claim: Partial<Claim>) => { readonly capability?: string };
}

/** @param send @returns what happens, as a sentence */
async function decide(
  parts: Parts,
  request: DecideRequest,
  kind: RecordKind,
  decided: Decided,
  send: (decision: Decision) => Promise<string>,
  detailPrefix = '',
): Promise<Done> {
  const key = actKey(request);
  const { namespace, name, environment } = request.params;
  const done = (
    { name: by, via }: Pick<Actor, 'name' | 'via'>,
    { said, at, promotion }: { readonly said: string; readonly at: number; readonly promotion?: string },
    repeated: boolean,
  ): Done => ({
    said,
    by: { name: by, via },
    at: new Date(at).toISOString(),
    lane: laneId({ namespace, name }, environment),
    ...(promotion === undefined ? {} : { promotion }),
    repeated,
  });
  const act = async (): Promise<Done> => {
    const found = await hopOf(parts, request.params);
    const actor = actorOf(request, decidingGroups(parts, found));
    const at = parts.now();
    const promotion = await promotionInProgress(parts, request.params, decided.version);
    const origin: Origin = {
      by: actor.name,
      ...(actor.groups === undefined ? {} : { groups: actor.groups }),
      via: actor.via,
      ...(actor.from === undefined ? {} : { from: actor.from }),
      key,
    };
    const decision: Decision = {
      promotion,
      key,
      found,
      origin,
      input: ({ version, head, comment }) => ({
        version,
        ...origin,
        ...(head === undefined ? {} : { head }),
        ...(comment === undefined ? {} : { comment }),
      }),
      sign: (claim) => {
        if (parts.signer === undefined) return {};
        const whole = { ...claim, promotion, version: decided.version, actor, at } as Claim;
        return { capability: parts.signer.sign(whole) };
      },
    };
    const comment = decided.comment === undefined ? '' : (readComment(decided.comment) ?? '');
    const detail = detailPrefix + comment;
    const said = await auditedAct(
      parts.audit,
      { namespace, pipeline: name, environment },
      {
        kind,
        at,
        version: decided.version,
        ...(decided.head === undefined ? {} : { head: decided.head }),
        by: actor.name,
        ...(actor.groups === undefined ? {} : { groups: actor.groups }),
        via: actor.via,
        ...(actor.from === undefined ? {} : { from: actor.from }),
        ...(detail === '' ? {} : { detail }),
        key,
      },
      () => send(decision),
    );
    return done(actor, { said, at, promotion }, false);
  };
  return parts.answers.once(key, async () => {
    try {
      return await act();
    } catch (error) {
      if (!mayBeRepeated(request, error)) throw error;
      const before = await answeredBefore(parts.acts, { ...request.params, version: decided.version, key });
      if (before === undefined) throw error;
      return done(request.caller, { at: parts.now(), ...before }, true);
    }
  });
}

/** Those whose members' approvals count: of the operator's rules, and of the Pipeline. */
function decidingGroups({ policy }: Pick<Parts, 'policy'>, { pipeline, hop }: FoundHop): readonly string[] {
  const { namespace } = pipeline;
  const rules = rulesFor(policy(), { namespace, environment: hop.to });
  return [...rules.map(({ gates }) => gates), hop.gates].flatMap(({ approvals }) => approvals?.groups ?? []);
}

/** @throws Refusal conflict where another version, or none, is in progress */
async function promotionInProgress(
  { acts }: Pick<HandlerParts, 'acts'>,
  { namespace, name, environment }: DecideRequest['params'],
  version: string,
): Promise<string> {
  const state = await acts.laneState({ namespace, name }, environment);
  const { inHand } = state ?? {};
  if (inHand === undefined) {
    throw new Refusal(
      'conflict',
      `No promotion into ${environment} is in progress, so ${version} does not wait.`,
    );
  }
  if (inHand.version !== version || inHand.action !== 'promote') {
    const what = inHand.action === 'promote' ? inHand.version : `the withdrawal of ${inHand.version}`;
    throw new Refusal('conflict', `${what} is in progress into ${environment}, not ${version}.`);
  }
  linkSpan(inHand.traceparent);
  return promotionId({ namespace, name }, environment, version, inHand.event.identity);
}

/** One act for the person, whether the Pipeline asks for `gates.approvals`, for `manual: true`, or for both. */
async function approve(
  { acts }: Pick<HandlerParts, 'acts'>,
  { promotion, key, found }: Decision,
  input: DecisionInput,
): Promise<string> {
  const { manual } = found.hop.promotion;
  const approveManual = (): Promise<void> => {
    const { head, ...approval } = input;
    return acts.approveManual(promotion, approval, manualKey(key));
  };
  try {
    const { said, missing } = await acts.approve(promotion, input, key);
    // What it asks for besides may be approved already.
    if (manual) await approveManual().catch(ignoreRefusal);
    return missing === 0 ? `${input.version} is approved. ${said}` : `${said} ${missing} more needed.`;
  } catch (error) {
    const asksForApprovals = found.hop.gates.approvals !== undefined;
    if (!(error instanceof ActRefused) || !manual || asksForApprovals) throw error;
    await approveManual();
    return approved(input.version);
  }
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof ActRefused)) throw error;
}

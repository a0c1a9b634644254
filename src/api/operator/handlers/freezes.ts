/** Freezes and suspensions that people make, beside those that come from Git. */
import { isInForce } from '../../../domain/freezes/freeze';
import { type Actor } from '../../../domain/people/actor';
import { type AuditOutcome } from '../../../domain/record/audit-line';
import { type AuditRecord } from '../../../domain/record/audit-record';
import { formatPipelineRef, type PipelineRef } from '../../../domain/pipeline/pipeline';
import { type FreezeItem } from '../../../operator/schemas/freezes';
import { type Done } from '../../../operator/schemas/acts';
import { type AskedFreeze, type FreezeDesk, type ListedFreeze } from '../../../store/freeze-desk';
import { actorOf } from '../actor';
import { auditedAct } from '../audited-act';
import { actKey } from '../idempotency';
import { type Asking, type Handlers } from '../operator-request';
import { Refusal } from '../refusal';
import { sightOf } from '../rights';
import { type HandlerParts } from './handler-parts';
import { pipelineOf } from './hop-of';

type Name = 'listFreezes' | 'freeze' | 'unfreeze' | 'suspend' | 'resume';
type Parts = Pick<
  HandlerParts,
  'access' | 'model' | 'store' | 'acts' | 'freezes' | 'answers' | 'audit' | 'now'
>;

export function freezeHandlers(parts: Parts): Pick<Handlers, Name> {
  const { access, model, freezes, answers, audit, now } = parts;
  const recordOf = (asking: Asking, key: string, kind: AuditRecord['kind'], detail?: string): AuditRecord => {
    const { name: by, groups, via, from } = actorOf(asking);
    return {
      kind,
      at: now(),
      by,
      ...(groups === undefined ? {} : { groups }),
      via,
      ...(from === undefined ? {} : { from }),
      ...(detail === undefined ? {} : { detail }),
      key,
    };
  };
  const done = (asking: Asking, said: string, repeated: boolean): Done => ({
    said,
    by: { name: asking.caller.name, via: asking.caller.via },
    at: new Date(now()).toISOString(),
    repeated,
  });

  return {
    async listFreezes({ caller, query: { namespace, all } }) {
      const listed = await freezes.list();
      const sight = await sightOf(
        access,
        caller,
        listed.map((each) => each.namespace),
      );
      const at = now();
      const items = listed
        .filter((each) => sight.sees({ namespace: each.namespace }))
        .filter((each) => namespace === undefined || each.namespace === namespace)
        .filter(({ until = Infinity }) => all || at < until)
        .map((each) => itemOf(each, at))
        .sort((a, b) => (formatPipelineRef(a) < formatPipelineRef(b) ? -1 : 1));
      return { items, ...model.freshness() };
    },

    freeze: (request) =>
      answers.once(actKey(request), async () => {
        const { namespace, reason, from, until, environments, pipelines } = request.body;
        const asked: AskedFreeze = {
          key: actKey(request),
          namespace,
          reason,
          ...(from === undefined ? {} : { from: Date.parse(from) }),
          ...(until === undefined ? {} : { until: Date.parse(until) }),
          ...(environments === undefined ? {} : { environments }),
          ...(pipelines === undefined
            ? {}
            : {
                pipelines: {
                  ...(pipelines.matchLabels === undefined ? {} : { matchLabels: pipelines.matchLabels }),
                  ...(pipelines.names === undefined ? {} : { names: pipelines.names }),
                },
              }),
        };
        const { name, repeated } = await auditedAct(
          audit,
          { namespace },
          recordOf(request, asked.key, 'frozen', reason),
          () => freezes.freeze(asked, actorOf(request)),
          whetherRepeated,
          (made) => `${made.name}: ${reason}`,
        );
        return done(request, `The Freeze ${namespace}/${name} is made.`, repeated);
      }),

    unfreeze: (request) =>
      answers.once(actKey({ ...request, body: {} }), async () => {
        const { namespace, name } = request.params;
        const result = await auditedAct(
          audit,
          { namespace },
          recordOf(request, actKey({ ...request, body: {} }), 'unfrozen', name),
          async () =>
            requireEnded(await freezes.unfreeze({ namespace, name }, actorOf(request)), request.params),
          whetherEnded,
        );
        return done(request, `The Freeze ${namespace}/${name} has ended.`, result === 'ended');
      }),

    suspend: (request) =>
      answers.once(actKey(request), async () => {
        const { namespace, name } = request.params;
        const { environment, reason } = request.body;
        const pipeline = await pipelineOf(parts, request.params);
        const environments = pipeline.environments.map((each) => each.name);
        requireEnvironment(environments, environment);
        const asked: AskedFreeze = {
          key: actKey(request),
          namespace,
          reason,
          suspends: true,
          pipelines: { names: [name] },
          ...(environment === undefined ? {} : { environments: [environment] }),
        };
        const place = { namespace, pipeline: name, ...(environment === undefined ? {} : { environment }) };
        const made = recordOf(request, asked.key, 'suspended', reason);
        const { repeated } = await auditedAct(
          audit,
          place,
          made,
          () => freezes.freeze(asked, actorOf(request)),
          whetherRepeated,
        );
        if (!repeated) await recordInLanes(parts, { namespace, name }, environment, environments, made);
        return done(request, `${whatOf(request.params, environment)} suspended.`, repeated);
      }),

    resume: (request) =>
      answers.once(actKey(request), async () => {
        const { namespace, name } = request.params;
        const { environment, reason } = request.body;
        const pipeline = await pipelineOf(parts, request.params);
        const environments = pipeline.environments.map((each) => each.name);
        requireEnvironment(environments, environment);
        const said = `${whatOf(request.params, environment)} resumed.`;
        const key = actKey(request);
        const place = { namespace, pipeline: name, ...(environment === undefined ? {} : { environment }) };
        const made = recordOf(request, key, 'resumed', reason);
        const result = await auditedAct(
          audit,
          place,
          made,
          async () => {
            const actor = actorOf(request);
            if (await endSuspensions(freezes, { namespace, name }, environment, actor, key)) return 'done';
            // The answer may have been lost, or another process has it.
            if (await wasEnded(freezes, namespace, key)) return 'ended';
            throw new Refusal('conflict', notSuspended(request.params, environment, pipeline));
          },
          whetherEnded,
        );
        if (result === 'done') {
          await recordInLanes(parts, { namespace, name }, environment, environments, made);
        }
        return done(request, said, result === 'ended');
      }),
  };
}

/**
 * All of them: two requests at the same time can have made one each.
 * @returns whether there was one
 */
async function endSuspensions(
  freezes: FreezeDesk,
  pipeline: PipelineRef,
  environment: string | undefined,
  actor: Actor,
  key: string,
): Promise<boolean> {
  const ended = new Set<string>();
  for (;;) {
    const found = await freezes.suspension(pipeline, environment);
    if (found === undefined || ended.has(found.name)) return ended.size > 0;
    requireEnded(await freezes.unfreeze(found, actor, key), found);
    ended.add(found.name);
  }
}

async function wasEnded(freezes: FreezeDesk, namespace: string, key: string): Promise<boolean> {
  return (await freezes.list()).some((each) => each.namespace === namespace && each.endedRequest === key);
}

function requireEnvironment(known: readonly string[], environment: string | undefined): void {
  if (environment === undefined || known.includes(environment)) return;
  throw new Refusal(
    'not-found',
    `The Pipeline has no environment ${environment}: it has ${known.join(', ')}.`,
  );
}

function whetherRepeated({ repeated }: { readonly repeated: boolean }): AuditOutcome {
  return repeated ? 'repeated' : 'done';
}

function whetherEnded(result: 'done' | 'ended'): AuditOutcome {
  return result === 'ended' ? 'repeated' : 'done';
}

/** @throws Refusal not-found, conflict */
function requireEnded(
  result: Awaited<ReturnType<FreezeDesk['unfreeze']>>,
  freeze: PipelineRef,
): 'done' | 'ended' {
  const name = formatPipelineRef(freeze);
  if (result === 'unknown') throw new Refusal('not-found', `There is no Freeze ${name}.`);
  if (result === 'not-ours') {
    throw new Refusal('conflict', `The Freeze ${name} comes from Git or kubectl: remove it there.`);
  }
  return result;
}

function whatOf(ref: PipelineRef, environment: string | undefined): string {
  const name = formatPipelineRef(ref);
  return environment === undefined
    ? `The promotions of ${name} are`
    : `The promotions of ${name} into ${environment} are`;
}

function notSuspended(
  ref: PipelineRef,
  environment: string | undefined,
  pipeline: Awaited<ReturnType<typeof pipelineOf>>,
): string {
  const inSpec = pipeline.suspended === true || pipeline.environments.some((each) => each.suspended === true);
  const base = `${whatOf(ref, environment)} not suspended by the API.`;
  return inSpec ? `${base} The Pipeline itself says \`suspend\`: change it in Git.` : base;
}

/** Also if the lanes cannot be signaled: the Freeze is in force, and the log has the line. */
async function recordInLanes(
  { acts }: Pick<HandlerParts, 'acts'>,
  ref: PipelineRef,
  environment: string | undefined,
  all: readonly string[],
  made: AuditRecord,
): Promise<void> {
  const environments = environment === undefined ? all : [environment];
  await Promise.all(environments.map((each) => acts.record(ref, each, [made]).catch(() => undefined)));
}

function itemOf(freeze: ListedFreeze, now: number): FreezeItem {
  const { namespace, name, reason, author, from, until, environments, pipelines, ours, endedBy } = freeze;
  const time = (at: number): string => new Date(at).toISOString();
  return {
    namespace,
    name,
    reason,
    ...(author === undefined ? {} : { author }),
    ...(from === undefined ? {} : { from: time(from) }),
    ...(until === undefined ? {} : { until: time(until) }),
    inForce: isInForce(freeze, now),
    ...(environments === undefined ? {} : { environments: [...environments] }),
    ...(pipelines === undefined
      ? {}
      : {
          pipelines: {
            ...(pipelines.matchLabels === undefined ? {} : { matchLabels: { ...pipelines.matchLabels } }),
            ...(pipelines.names === undefined ? {} : { names: [...pipelines.names] }),
          },
        }),
    allNamespaces: freeze.allNamespaces === true,
    ours,
    ...(endedBy === undefined ? {} : { endedBy }),
  };
}

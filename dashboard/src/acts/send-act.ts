import { type Done } from '../api/answers';
import { api, bodyOf } from '../api/client';
import { type Act, type Input, type Situation } from './act';

/**
 * Makes the key of one act: a repeated request with it does nothing twice. `crypto.randomUUID` is missing from pages that are
 * not served over HTTPS.
 */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

/**
 * Does what a person asks for.
 * @param key of all attempts of this act
 * @throws ApiProblem conflict: it cannot be done as things are; no-worker: it may still happen, ask again with the same key
 */
export function sendAct(act: Act, situation: Situation, input: Input, key: string): Promise<Done> {
  const headers = { 'Idempotency-Key': key };
  const { namespace, name } = situation.pipeline;
  const environment = situation.environment?.name;
  const reason = input.reason.trim();
  const optional = reason === '' ? {} : { reason };
  const onPipeline = { headers, params: { path: { namespace, name } } };
  const on = { headers, params: { path: { namespace, name, environment: environment ?? '' } } };
  const base = '/api/v1/pipelines/{namespace}/{name}';
  switch (act.kind) {
    case 'approve':
    case 'reject': {
      const { version, head } = act;
      const seen = head === undefined ? { version } : { version, head };
      if (act.kind === 'reject') {
        const body = { ...seen, comment: reason };
        return bodyOf(api.POST(`${base}/environments/{environment}/reject`, { ...on, body }));
      }
      const body = { ...seen, ...(reason === '' ? {} : { comment: reason }) };
      return bodyOf(api.POST(`${base}/environments/{environment}/approve`, { ...on, body }));
    }
    case 'override': {
      const body = { version: act.version, gates: [...input.gates], reason };
      return bodyOf(api.POST(`${base}/environments/{environment}/override`, { ...on, body }));
    }
    case 'cancel': {
      const body = { version: act.version, ...optional };
      return bodyOf(api.POST(`${base}/environments/{environment}/cancel`, { ...on, body }));
    }
    case 'retry':
      return bodyOf(api.POST(`${base}/environments/{environment}/retry`, { ...on, body: optional }));
    case 'promote': {
      const body = { version: input.version, ...optional };
      return bodyOf(api.POST(`${base}/environments/{environment}/promote`, { ...on, body }));
    }
    case 'rollback': {
      const body = { version: input.version, reason };
      return bodyOf(api.POST(`${base}/environments/{environment}/rollback`, { ...on, body }));
    }
    case 'suspend': {
      const body = { reason, ...(environment === undefined ? {} : { environment }) };
      return bodyOf(api.POST(`${base}/suspend`, { ...onPipeline, body }));
    }
    case 'resume': {
      const body = { ...optional, ...(environment === undefined ? {} : { environment }) };
      return bodyOf(api.POST(`${base}/resume`, { ...onPipeline, body }));
    }
    case 'freeze':
      return bodyOf(api.POST('/api/v1/freezes', { headers, body: freezeOf(namespace, name, input, reason) }));
    case 'unfreeze':
      return bodyOf(
        api.DELETE('/api/v1/freezes/{namespace}/{name}', { headers, params: { path: act.freeze } }),
      );
  }
}

function freezeOf(namespace: string, name: string, { scope, environments, until }: Input, reason: string) {
  return {
    namespace,
    reason,
    // The browser's field is in the reader's zone.
    ...(until === '' ? {} : { until: new Date(until).toISOString() }),
    ...(environments.length === 0 ? {} : { environments: [...environments] }),
    ...(scope === 'namespace' ? {} : { pipelines: { names: [name] } }),
  };
}

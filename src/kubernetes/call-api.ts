import { type KubeConfig } from '@kubernetes/client-node';
import { parse } from './api-answers';
import { type ApiRequest, openAnswer, readWhole } from './api-connection';

/** Shorter than the ten seconds that a report of a promotion's progress, or a request of a person, can take. */
const timeoutMs = 4_000;
/** Every object is smaller than 1.5 MiB. */
const maxAnswerBytes = 4 * 1024 * 1024;

export type ApiCall = Omit<ApiRequest, 'headTimeoutMs'>;

/**
 * Sends a request about one object.
 * @returns its answer, JSON
 * @throws ApiRefusal, UnexpectedAnswer, or the error of the connection or the credentials
 */
export async function callApi(kubeConfig: KubeConfig, request: ApiCall): Promise<unknown> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(2 * timeoutMs)]);
  const answer = await openAnswer(kubeConfig, { ...request, headTimeoutMs: timeoutMs, signal });
  return parse((await readWhole(answer, maxAnswerBytes)).toString('utf8'));
}

import { type KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import { openAnswer, readWhole } from './api-connection';

const headTimeoutMs = 5_000;
/** A group has a few resources. */
const maxBytes = 256 * 1024;

const resourceListSchema = z.object({ resources: z.array(z.object({ name: z.string() })) });

/**
 * Whether the API server has a resource, for which every authenticated user may ask
 * (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles).
 * @param apiVersion `group/version`
 * @param resource its plural
 * @throws ApiRefusal, UnexpectedAnswer, ZodError, or the error of the connection
 */
export async function isServed(
  kubeConfig: KubeConfig,
  apiVersion: string,
  resource: string,
  signal: AbortSignal,
): Promise<boolean> {
  const answer = await openAnswer(kubeConfig, { path: `/apis/${apiVersion}`, headTimeoutMs, signal });
  const list: unknown = JSON.parse((await readWhole(answer, maxBytes)).toString('utf8'));
  return resourceListSchema.parse(list).resources.some(({ name }) => name === resource);
}

/**
 * What the API server is asked about people: who has a token, and what a user may do
 * (https://kubernetes.io/docs/reference/access-authn-authz/).
 */
import { type KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import { parse } from './api-answers';
import { openAnswer, readWhole } from './api-connection';
import { UnexpectedAnswer } from './api-failure';

/** Shorter than what a person waits for. */
const headTimeoutMs = 4_000;
const wholeTimeoutMs = 5_000;
/** The user's groups and extra fields; a token carries less. */
const maxAnswerBytes = 512 * 1024;

/** A user as the API server knows it. */
export interface ApiUser {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Absent fields: in all namespaces, all objects. */
export interface ResourceAttributes {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
  readonly namespace?: string;
  readonly name?: string;
}

// Go writes empty lists as null.
const texts = z.array(z.string()).nullish();
const tokenReviewSchema = z.looseObject({
  status: z.looseObject({
    authenticated: z.boolean().optional(),
    user: z
      .looseObject({
        username: z.string().optional(),
        uid: z.string().optional(),
        groups: texts,
        extra: z.record(z.string(), texts).nullish(),
      })
      .optional(),
    audiences: texts,
  }),
});
const accessReviewSchema = z.looseObject({ status: z.looseObject({ allowed: z.boolean() }) });

/**
 * Who has a token, by a TokenReview.
 * @param audiences one of which the token must be for; none: the API server's own
 * @returns undefined: the API server does not know it, or it is for others
 * @throws ApiRefusal, UnexpectedAnswer, or the connection's error
 */
export async function reviewToken(
  kubeConfig: KubeConfig,
  token: string,
  audiences: readonly string[],
): Promise<ApiUser | undefined> {
  const { status } = await review(kubeConfig, tokenReviewSchema, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenReview',
    spec: { token, ...(audiences.length === 0 ? {} : { audiences }) },
  });
  const { authenticated, user } = status;
  if (authenticated !== true || !user?.username) return undefined;
  // Authenticators that know no audiences name none: such a token is good for the API server, and for no one else.
  const isForUs = audiences.length === 0 || status.audiences?.some((each) => audiences.includes(each));
  if (isForUs !== true) return undefined;
  const { username: name, uid, groups, extra } = user;
  return {
    name,
    groups: groups ?? [],
    ...(uid ? { uid } : {}),
    ...(extra
      ? { extra: Object.fromEntries(Object.entries(extra).map(([key, all]) => [key, all ?? []])) }
      : {}),
  };
}

/**
 * Whether a user may do something, by a SubjectAccessReview.
 * @throws ApiRefusal, UnexpectedAnswer, or the connection's error
 */
export async function reviewAccess(
  kubeConfig: KubeConfig,
  { name: user, ...identity }: ApiUser,
  resourceAttributes: ResourceAttributes,
): Promise<boolean> {
  const { status } = await review(kubeConfig, accessReviewSchema, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user, ...identity, resourceAttributes },
  });
  return status.allowed;
}

interface Review {
  readonly apiVersion: `${string}/v1`;
  readonly kind: string;
  readonly spec: unknown;
}

async function review<T>(kubeConfig: KubeConfig, schema: z.ZodType<T>, value: Review): Promise<T> {
  const answer = await openAnswer(kubeConfig, {
    method: 'POST',
    path: `/apis/${value.apiVersion}/${value.kind.toLowerCase()}s`,
    content: { type: 'application/json', value },
    headTimeoutMs,
    signal: AbortSignal.timeout(wholeTimeoutMs),
  });
  const { success, data } = schema.safeParse(
    parse((await readWhole(answer, maxAnswerBytes)).toString('utf8')),
  );
  if (!success) throw new UnexpectedAnswer(`an answer that is not a ${value.kind}`);
  return data;
}

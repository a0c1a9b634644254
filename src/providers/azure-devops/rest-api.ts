import { type ApiCredentials } from '../../domain/credentials';
import { type RefusedAnswer } from '../rest/refusal';
import { type Paginate } from '../rest/paginate';
import { type RestApi } from '../rest/rest-api';
import { refusalSchema } from './schema';

/** The names that lists have for a page's size and its beginning. */
const offsets = [
  ['$top', '$skip'],
  ['top', 'skip'],
] as const;

/**
 * Lists are in an object with a count. Some hand a token for the next page, others are counted through, and do not say whether
 * there is more.
 */
const paginate: Paginate = ({ data, headers, query }) => {
  if (typeof data !== 'object' || data === null || !('value' in data) || !Array.isArray(data.value))
    return undefined;
  const items: readonly unknown[] = data.value;
  const next = new URLSearchParams(query);
  const token = headers['x-ms-continuationtoken'];
  if (token !== undefined && token !== '') {
    next.set('continuationToken', token);
    return { items, next: next.toString() };
  }
  for (const [size, from] of offsets) {
    const top = Number(next.get(size) ?? Number.NaN);
    if (!(items.length >= top)) continue;
    next.set(from, String(Number(next.get(from) ?? 0) + top));
    return { items, next: next.toString() };
  }
  return { items };
};

export const azureApi: RestApi = {
  // The organization's or the collection's: it belongs to the base URL.
  basePath: '',
  authorization: ({ token }: ApiCredentials) => ({
    authorization: isEntraToken(token)
      ? `Bearer ${token}`
      : `Basic ${Buffer.from(`:${token}`).toString('base64')}`,
  }),
  sentences: (body) => {
    const { message, typeKey } = refusalSchema.parse(body);
    // Azure DevOps Server 2020 and older.
    const old =
      typeKey === 'VssVersionOutOfRangeException' ? ['Windlass needs Azure DevOps Server 2022'] : [];
    return [message, ...old].filter((sentence) => sentence !== '');
  },
  isRateLimit,
  // As many people report of tokens that are not accepted: the page, and this status instead of 401.
  isSignIn: ({ status }) => status === 203,
  paginate,
};

/**
 * An access token of Microsoft Entra ID is a JSON web token (RFC 7519, 3: three parts with points between, the first of which
 * is a JSON object). A personal access token has letters and digits only.
 */
export function isEntraToken(token: string): boolean {
  return /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(token);
}

/** https://learn.microsoft.com/azure/devops/integrate/concepts/rate-limits: 429, or words where a proxy changed the status. */
function isRateLimit({ status, words }: RefusedAnswer): boolean {
  return (status === 403 || status === 503) && /TF400733|exceeding usage of resource/i.test(words);
}

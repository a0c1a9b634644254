import { linkedPages } from '../rest/paginate';
import { type RestApi } from '../rest/rest-api';
import { refusalSchema } from './schema';

export const giteaApi: RestApi = {
  basePath: '/api/v1',
  // As Bearer, which takes OAuth2 tokens too. https://docs.gitea.com/development/api-usage#authentication
  authorization: ({ token }) => ({ authorization: `Bearer ${token}` }),
  sentences: (body) => refusalSchema.parse(body),
  known: ({ status }, { host, repository }) =>
    status === 423
      ? { code: 'request-refused', fault: `${host} answered 423: ${repository} is archived, and read-only.` }
      : undefined,
  paginate: linkedPages,
};

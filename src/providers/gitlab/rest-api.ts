import { linkedPages } from '../rest/paginate';
import { type RestApi } from '../rest/rest-api';
import { refusalSchema } from './schema';

export const gitlabApi: RestApi = {
  basePath: '/api/v4',
  // As Bearer: the one header that takes OAuth tokens too, besides personal, project and group tokens.
  // https://docs.gitlab.com/api/rest/authentication/#personalprojectgroup-access-tokens
  authorization: ({ token }) => ({ authorization: `Bearer ${token}` }),
  sentences: (body) => refusalSchema.parse(body),
  paginate: linkedPages,
};

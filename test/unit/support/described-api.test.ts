import { describedApi } from '../../support/described-api';

const swagger = describedApi({
  paths: {
    '/{owner}/pulls/{id}': {
      patch: {
        parameters: [
          { name: 'version', in: 'query', required: true, type: 'string', enum: ['7'] },
          { name: 'top', in: 'query', type: 'integer' },
          { name: 'body', in: 'body', required: true, schema: { $ref: '#/definitions/Pull' } },
        ],
        responses: { 200: { schema: { $ref: '#/definitions/Pull' } } },
      },
    },
  },
  definitions: {
    Base: { type: 'object', properties: { id: { type: 'integer' } } },
    Person: { type: 'object', properties: { name: { type: 'string' } } },
    Pull: {
      allOf: [{ $ref: '#/definitions/Base' }],
      properties: { title: { type: 'string' }, by: { $ref: '#/definitions/Person' } },
    },
  },
});
const asked = (body: unknown, url = '/acme/Pulls/1?version=7') => ({ method: 'PATCH', url, body });

describe('a described API', () => {
  it('takes what is described', () => {
    expect(swagger.requestFault(asked({ id: 1, title: 't', by: { name: 'ada' } }))).toBeUndefined();
    expect(swagger.answerFault(asked({}), 200, { id: 1 })).toBeUndefined();
  });

  it.each([
    ['a field that is not described', asked({ subject: 't' }), 'subject'],
    ['one deeper down', asked({ by: { login: 'ada' } }), 'login'],
    ['a wrong type', asked({ id: 'x' }), 'integer'],
    ['no body', asked(undefined), 'body'],
    ['a parameter that is not described', asked({}, '/acme/pulls/1?version=7&skip=1'), 'skip'],
    ['a missing parameter', asked({}, '/acme/pulls/1'), 'version'],
    ['another value', asked({}, '/acme/pulls/1?version=8'), 'version'],
    ['a number that is none', asked({}, '/acme/pulls/1?version=7&top=x'), 'top'],
    ['a path that is not described', asked({}, '/acme/issues/1?version=7'), 'not described'],
    ['a method that is not described', { ...asked({}), method: 'PUT' }, 'not described'],
  ])('refuses %s', (_name, request, words) => {
    expect(swagger.requestFault(request)).toContain(words);
  });

  it('refuses answers in the same way', () => {
    expect(swagger.answerFault(asked({}), 200, { id: 1, hello: 'world' })).toContain('hello');
    expect(swagger.answerFault(asked({}), 201, { id: 1 })).toContain('201');
  });

  it('reads OpenAPI 3 as well', () => {
    const schema = { $ref: '#/components/schemas/Pull' };
    const content = { 'application/json': { schema } };
    const openapi = describedApi({
      paths: {
        '/pulls': { post: { requestBody: { required: true, content }, responses: { 201: { content } } } },
      },
      components: {
        schemas: { Pull: { type: 'object', properties: { title: { type: 'string', nullable: true } } } },
      },
    });
    const request = { method: 'POST', url: '/pulls', body: { title: null } };
    expect(openapi.requestFault(request)).toBeUndefined();
    expect(openapi.requestFault({ ...request, body: { name: 'x' } })).toContain('name');
    expect(openapi.answerFault(request, 201, { title: 't' })).toBeUndefined();
  });
});

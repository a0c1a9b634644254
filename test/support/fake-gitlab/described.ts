import { type RequestHandler } from 'express';
import { type ApiDescription, describedApi } from '../described-api';
import description from './description.json';
import { Refusal } from './refusal';

/** Notes and merge trains are elsewhere in GitLab's description: the schemas in `input.ts` are made from its documentation. */
const described = /^\/api\/v4\/projects\/[^/]+\/merge_requests(?!\/\d+\/notes)/;

/**
 * Refuses requests about merge requests that GitLab's own description does not have. It describes answers, too, but with
 * other types than they have (`user_notes_count` as a string, a list as one object), so of these the status alone is held
 * against it.
 */
export function heldAgainstDescription(): RequestHandler {
  const api = describedApi(withStringsOfLabels(description));
  return (request, response, next) => {
    if (!described.test(request.path)) {
      next();
      return;
    }
    // Rails takes `iids[]` for a list with the name `iids`.
    const url = request.originalUrl.replace(/(?:\[\]|%5B%5D)=/gi, '=');
    const asked = { method: request.method, url, body: request.body as unknown };
    const fault = api.requestFault(asked);
    if (fault !== undefined) throw new Refusal(400, { error: fault });
    const send = response.json.bind(response);
    response.json = (body: unknown) => {
      const wrong = response.statusCode < 400 ? api.answerFault(asked, response.statusCode, body) : undefined;
      if (wrong === undefined) return send(body);
      response.status(500);
      return send({ message: `the fake answers what is not described: ${wrong}` });
    };
    next();
  };
}

/** Its documentation has one text with commas, as all clients send it; its description has the list that GitLab makes of it. */
function withStringsOfLabels(original: typeof description): ApiDescription {
  const text = JSON.stringify(original);
  const list = '"add_labels":{"type":"array","items":{"type":"string"}}';
  return JSON.parse(text.replaceAll(list, '"add_labels":{"type":"string"}')) as ApiDescription;
}

import { type RequestHandler } from 'express';
import { describedApi } from '../described-api';
import description from './description.json';
import { Refusal } from './refusal';

/** What no published description has. */
const undescribed = /\/_apis\/connectionData\?/;

/** Refuses requests that Microsoft's description does not have, and keeps the fake from answering anything else. */
export function heldAgainstDescription(): RequestHandler {
  const api = describedApi(description);
  return (request, response, next) => {
    if (undescribed.test(request.originalUrl)) {
      next();
      return;
    }
    const asked = { method: request.method, url: request.originalUrl, body: request.body as unknown };
    const fault = api.requestFault(asked);
    if (fault !== undefined) throw new Refusal(400, 'NotDescribed', fault);
    const send = response.json.bind(response);
    response.json = (body: unknown) => {
      if (response.statusCode >= 400) return send(body);
      const isList = typeof body === 'object' && body !== null && 'value' in body && 'count' in body;
      const wrong = api.answerFault(asked, response.statusCode, isList ? body.value : body);
      if (wrong === undefined) return send(body);
      response.status(500);
      return send({ message: `the fake answers what is not described: ${wrong}` });
    };
    next();
  };
}

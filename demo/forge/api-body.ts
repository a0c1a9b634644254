import { type Request } from 'express';
import { Refusal } from './refusal';

/** The JSON object that a request carries. @throws Refusal 400 */
export function jsonBody(request: Request): Readonly<Record<string, unknown>> {
  const problem = new Refusal(400, 'Problems parsing JSON');
  if (request.is('application/json') === false || typeof request.body !== 'string') throw problem;
  let value: unknown;
  try {
    value = JSON.parse(request.body);
  } catch {
    throw problem;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(400, 'Body should be a JSON object');
  }
  return value as Readonly<Record<string, unknown>>;
}

/** Requests to a Gitea's API, by its administrator or by any other user. */
import { request } from 'undici';

export interface GiteaAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed where it is JSON. */
  readonly body: unknown;
}

export interface GiteaRequest {
  readonly method: string;
  /** Below `/api/v1`, with its query. */
  readonly path: string;
  readonly body?: unknown;
  /** The administrator acts as this user. https://docs.gitea.com/development/api-usage#sudo */
  readonly sudo?: string;
  /** Instead of the administrator's. */
  readonly authorization?: string;
}

export function basicAuthorization(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

export type SendToGitea = (asked: GiteaRequest) => Promise<GiteaAnswer>;

/** @returns what is answered @throws Error for an answer of 400 and above */
export type RequestGitea = (
  method: string,
  apiPath: string,
  body?: unknown,
  sudo?: string,
) => Promise<unknown>;

/** @param authorization of the administrator, as a header's value */
export function giteaApi(url: string, authorization: string): SendToGitea {
  return async (asked) => {
    const answer = await request(`${url}/api/v1/${asked.path}`, {
      method: asked.method,
      headers: {
        authorization: asked.authorization ?? authorization,
        ...(asked.sudo === undefined ? {} : { sudo: asked.sudo }),
        ...(asked.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
    });
    const text = await answer.body.text();
    const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
    const isJson = String(answer.headers['content-type']).includes('json') && text !== '';
    return {
      status: answer.statusCode,
      headers: Object.fromEntries(headers) as Record<string, string>,
      body: isJson ? (JSON.parse(text) as unknown) : text,
    };
  };
}

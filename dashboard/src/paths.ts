/** The addresses of the pages: the only place that makes or reads them. */

export const board = '/';
export const login = '/login';
export const activity = '/activity';
export const figures = '/figures';
export const pipelinePattern = '/pipelines/:namespace/:name';
export const promotionPattern = '/promotions/:id';

export function pipeline({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `/pipelines/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
}

/** @param id of a promotion, which has slashes: one part of the path all the same */
export function promotion(id: string): string {
  return `/promotions/${encodeURIComponent(id)}`;
}

/**
 * The id in the path of a promotion's page, decoded once. The router decodes `%25` before it splits the path, so an id with a
 * percent sign would not come back as it was.
 * @param pathname as the browser has it @returns undefined: it is not the path of a promotion
 */
export function promotionIdIn(pathname: string): string | undefined {
  const [, part] = /^\/promotions\/([^/]+)\/?$/.exec(pathname) ?? [];
  try {
    return part === undefined ? undefined : decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

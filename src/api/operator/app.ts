import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { basePath, type Route, type RouteName, routes } from '../../operator/routes';
import { addLoginRoutes, type DashboardLogin } from '../dashboard/login-routes';
import { serveDashboard } from '../dashboard/serve-dashboard';
import { conclude, type ExchangeOptions, serveRoute } from './exchange';
import { Refusal } from './refusal';

export interface AppOptions extends ExchangeOptions {
  /** Addresses and CIDRs of the proxies whose `X-Forwarded-For` counts. */
  readonly trustedProxies: readonly string[];
  /** The OpenAPI document, as JSON. */
  readonly document: string;
  /** The directory with the files of the dashboard; absent: none is served. */
  readonly dashboard?: string;
  /** How people log in to it; absent: no one can. */
  readonly login?: DashboardLogin;
}

const documentPath = `${basePath}/openapi.json`;

/** The operators' API: the routes of the table, and the document that describes them. */
export function operatorApp(options: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('strict routing').enable('case sensitive routing');
  app.set('trust proxy', [...options.trustedProxies]);
  app.set('query parser', 'simple');
  app.use((_request: Request, response: Response, next: NextFunction) => {
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    next();
  });
  const other = (request: Request, response: Response, work: () => string): Promise<void> =>
    conclude(options, 'other', request, response, work);

  for (const [path, methods] of routesByPath()) {
    for (const [method, name] of methods) {
      app[method](path, (request, response) => serveRoute(options, name, request, response));
    }
    const allow = [...methods.keys()].map((method) =>
      method === 'get' ? 'GET, HEAD' : method.toUpperCase(),
    );
    app.all(path, (request, response) => other(request, response, wrongMethod(allow.join(', '))));
  }
  app.get(documentPath, (request, response) => other(request, response, () => options.document));
  app.all(documentPath, (request, response) => other(request, response, wrongMethod('GET, HEAD')));
  if (options.login !== undefined) addLoginRoutes(app, { ...options, login: options.login });
  if (options.dashboard !== undefined)
    app.use(/^(?!\/(?:api|auth)(?:\/|$))/, serveDashboard(options.dashboard));
  app.use((request, response) =>
    other(request, response, () => {
      throw new Refusal('not-found', `There is no such route: see ${documentPath}.`);
    }),
  );
  // Express knows an error handler by its four parameters.
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) =>
    other(request, response, () => {
      throw badPath(error);
    }),
  );
  return app;
}

function routesByPath(): ReadonlyMap<string, ReadonlyMap<Route['method'], RouteName>> {
  const paths = new Map<string, Map<Route['method'], RouteName>>();
  for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
    const path = basePath + route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    paths.set(path, (paths.get(path) ?? new Map<Route['method'], RouteName>()).set(route.method, name));
  }
  return paths;
}

function wrongMethod(allow: string): () => never {
  return () => {
    throw new Refusal('method-not-allowed', `This path accepts only ${allow}.`, { Allow: allow });
  };
}

/** The router refuses a path parameter that cannot be decoded with an error of status 400. */
function badPath(error: unknown): unknown {
  const isPath = error instanceof Error && 'status' in error && error.status === 400;
  return isPath ? new Refusal('bad-request', 'The path is not percent-encoded UTF-8.') : error;
}

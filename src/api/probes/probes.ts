import { type RequestListener } from 'node:http';
import { type BindAddress } from '../../http/serving/bind-address';
import { type Listening, listen } from '../../http/serving/http-listener';
import { problemBody, problemContentType } from '../../http/serving/problem';

/** The dependencies of the process, by the name that `/readyz` shows. */
export type ReadinessChecks = Readonly<Record<string, () => boolean | Promise<boolean>>>;

/** Shorter than the kubelet's usual timeout; a check that hangs is a check that fails. */
const checkTimeoutMs = 900;

/**
 * Serves `/healthz` (the process answers) and `/readyz` (all checks pass), each with a text.
 * @throws Error that says what to do, if it cannot listen on the address
 */
export function startProbes(bind: BindAddress, checks: ReadinessChecks): Promise<Listening> {
  return listen(probes(checks), bind);
}

function probes(checks: ReadinessChecks): RequestListener {
  return (request, response) => {
    const path = request.url?.split('?', 1)[0];
    const answer = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body);
    };
    if (path !== '/healthz' && path !== '/readyz') {
      answer(404, problemContentType, problemBody(404, 'no such path: ask for /healthz or /readyz.'));
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      answer(405, problemContentType, problemBody(405, 'this path accepts only GET and HEAD.'));
    } else if (path === '/healthz') {
      answer(200, 'text/plain', 'ok\n');
    } else {
      void unreadyParts(checks).then((unready) =>
        unready.length === 0
          ? answer(200, 'text/plain', 'ok\n')
          : answer(503, problemContentType, problemBody(503, `not ready: ${unready.join(', ')}.`)),
      );
    }
  };
}

/** Never rejects. */
async function unreadyParts(checks: ReadinessChecks): Promise<string[]> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => ({ name, ready: await holds(check) })),
  );
  return results.filter(({ ready }) => !ready).map(({ name }) => name);
}

async function holds(check: () => boolean | Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), checkTimeoutMs);
  });
  try {
    return await Promise.race([check(), tooLate]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

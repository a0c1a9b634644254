/** Git servers that can do less than today's: without partial clones, without version 2 of the protocol, plain files. */
import { createRepositoryCache } from '../../../../src/git/cache/repository-cache';
import { failureOf } from '../../../support/classified-failure';
import { commitFiles, runGit } from '../../../support/git-repository';
import {
  branches,
  cacheOptions,
  marked,
  promote,
  remoteOf,
  serveRepository,
  type ServedRepository,
  signal,
} from '../fixtures';

let served: ServedRepository;
beforeEach(async () => {
  served = await serveRepository({ 'app.yaml': marked('1.0.0') });
});
afterEach(() => served.close());

const promoteTo = (version: string): Promise<string> =>
  createRepositoryCache(cacheOptions(served.directory)).withRepository(
    remoteOf(served.server),
    branches,
    signal(),
    (repository) => promote(repository, version),
  );
const pushed = (): string => runGit(served.bare, 'rev-parse', branches.promotion);
const show = (revision: string): string => runGit(served.bare, 'show', revision);

/** @returns the versions that each request asked for */
function ignoreProtocol(version: '0' | '1'): string[] {
  const asked: string[] = [];
  served.server.intercept = ({ headers }) => {
    asked.push(String(headers['git-protocol']));
    if (version === '0') delete headers['git-protocol'];
    else headers['git-protocol'] = 'version=1';
    return false;
  };
  return asked;
}

describe('a promotion is fetched, pushed, and pushed again', () => {
  const after = marked('1.2.0').trim();
  /** @returns what the branch holds in the end */
  const twice = async (): Promise<string> => {
    const first = await promoteTo('1.1.0');
    expect(first).toBe(pushed());
    commitFiles(served.bare, 'main', { 'more.yaml': marked('1.0.0') });
    expect(await promoteTo('1.2.0')).toBe(pushed());
    return show(`${branches.promotion}:more.yaml`);
  };

  test('where the server has no partial clones', async () => {
    runGit(served.bare, 'config', 'uploadpack.allowFilter', 'false');
    expect(await twice()).toBe(after);
  });

  test('where the server gives no commits by their id', async () => {
    for (const kind of ['Any', 'Reachable', 'Tip']) {
      runGit(served.bare, 'config', `uploadpack.allow${kind}SHA1InWant`, 'false');
    }
    ignoreProtocol('0');
    expect(await twice()).toBe(after);
  });

  test.each(['0', '1'] as const)('where the server speaks version %s of the protocol', async (version) => {
    const asked = ignoreProtocol(version);
    expect(await twice()).toBe(after);
    expect(asked).toContain('version=2');
  });

  test('where the server takes no pushes that would make it shallow', async () => {
    runGit(served.bare, 'config', 'receive.shallowUpdate', 'false');
    expect(await twice()).toBe(after);
  });
});

test('where plain files are served, the promotion ends with what is needed', async () => {
  runGit(served.bare, 'update-server-info');
  served.server.intercept = (request) => {
    request.url = request.url?.replace(/\?service=.*/, '') ?? '';
    return false;
  };
  const failure = await failureOf(promoteTo('1.1.0'));
  expect(failure).toMatchObject({ code: 'request-refused', retryable: false });
  expect(failure.fault).toContain('dumb HTTP');
});

test('where a web page answers, the promotion ends with what to check', async () => {
  served.server.intercept = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>\n<title>Sign in</title>\n</html>\n');
    return true;
  };
  expect(await failureOf(promoteTo('1.1.0'))).toMatchObject({ code: 'repository-not-found' });
});

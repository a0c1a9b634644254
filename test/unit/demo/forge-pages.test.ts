import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Forge, startForge } from '../../../demo/forge/forge';

const token = 'forge-token';
const repository = 'acme/fleet';
const hostile = '<script>alert(1)</script>"\'&';

let directory: string;
let forge: Forge;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'forge-pages-'));
  forge = await startForge({ directory, token });
  await forge.createRepository(repository, { 'app.yaml': 'version: 1.0.0\nname: app\n' });
  await forge.commit(repository, 'topic', { 'app.yaml': 'version: 1.1.0\nname: app\n' }, 'Next');
});

afterEach(async () => {
  await forge.close();
  await rm(directory, { recursive: true, force: true });
});

async function openPullRequest(title: string, body: string, head = 'topic'): Promise<void> {
  const response = await fetch(`${forge.url}/api/v3/repos/${repository}/pulls`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ title, body, head, base: 'main' }),
  });
  expect(response.status).toBe(201);
}

/** A page's markup, without the line breaks around its elements. */
async function page(path: string): Promise<string> {
  return (await (await fetch(forge.url + path)).text()).replace(/\s*\n\s*(?=<)|(?<=>)\s*\n\s*/g, '');
}

async function csrfToken(): Promise<string> {
  return /name="csrf" value="([0-9a-f]+)"/.exec(await page(`/${repository}/pull/1`))?.[1] ?? '';
}

async function merge(csrf: string): Promise<Response> {
  return fetch(`${forge.url}/${repository}/pull/1/merge`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ csrf }),
  });
}

/** The status for a request that names another Host than it connects to, as a browser's after DNS rebinding. */
async function statusForHost(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const outgoing = request(forge.url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    outgoing.on('error', reject).end();
  });
}

describe('the page of a pull request', () => {
  it('shows title, state, branches, the changed line and the button', async () => {
    await openPullRequest('Promote it', 'Brings **app** from `1.0.0` to `1.1.0`.');
    const text = await page(`/${repository}/pull/1`);
    expect(text).toContain('<h1>Promote it <small>#1</small></h1>');
    expect(text).toContain(
      '<span class="badge open">open</span>wants to merge <code>topic</code> into <code>main</code>',
    );
    expect(text).toContain('Brings <strong>app</strong> from <code>1.0.0</code> to <code>1.1.0</code>.');
    expect(text).toContain(
      '<tr class="removed"><td class="number">1</td><td class="number"></td><td class="text">-version: 1.0.0</td></tr>',
    );
    expect(text).toContain(
      '<tr class="added"><td class="number"></td><td class="number">1</td><td class="text">+version: 1.1.0</td></tr>',
    );
    expect(text).toContain('<button type="submit">Merge pull request</button>');
  });

  it('renders the Markdown of promotions', async () => {
    await openPullRequest(
      'Promote',
      [
        '| | |',
        '|---|---|',
        '| Into | a\\|b |',
        '',
        '- one',
        '- `two`',
        '',
        '[The *page*](http://127.0.0.1:1/x?y=1&z=2)',
      ].join('\n'),
    );
    const text = await page(`/${repository}/pull/1`);
    expect(text).toContain('<table><tr><td>Into</td><td>a|b</td></tr></table>');
    expect(text).toContain('<ul><li>one</li><li><code>two</code></li></ul>');
    expect(text).toContain('<a href="http://127.0.0.1:1/x?y=1&amp;z=2" rel="noreferrer">The *page*</a>');
  });

  it.each([
    ['as text', hostile],
    ['in bold', `**${hostile}**`],
    ['in a code span', `\`${hostile}\``],
    ['in a list', `- ${hostile}`],
    ['in a table', `| ${hostile} |`],
    ['in a heading', `# ${hostile}`],
    ['in a link', `[${hostile}](https://example.org/"onmouseover="x)`],
    ['in a block of code', `\`\`\`\n${hostile}\n\`\`\``],
  ])('runs no markup from title, body, comment or manifest (%s)', async (_name, body) => {
    await forge.commit(
      repository,
      'topic',
      { 'app.yaml': `${hostile}\n`, [`${hostile.replace('/', '')}.yaml`]: 'x\n' },
      'Next',
    );
    await openPullRequest(hostile, body);
    await fetch(`${forge.url}/api/v3/repos/${repository}/issues/1/comments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ body }),
    });
    for (const text of [await page(`/${repository}/pull/1`), await page('/')]) {
      expect(text).toContain('&lt;script&gt;');
      expect(text).not.toContain('<script');
      expect(text).not.toContain('"onmouseover');
    }
  });

  it('does not show lines that are HTML comments', async () => {
    await openPullRequest('Promote', '<!-- windlass:begin -->\nBrings it.\n<!-- windlass:end -->\n\nMine.');
    const text = await page(`/${repository}/pull/1`);
    expect(text).toContain('<p>Brings it.</p><p>Mine.</p>');
    expect(text).not.toContain('windlass:');
  });

  it('makes no link of other schemes than http', async () => {
    await openPullRequest('Promote', '[x](javascript://%0aalert(1)) [y](javascript:alert(1)) [z](data://x)');
    expect(await page(`/${repository}/pull/1`)).not.toMatch(/<a href="(javascript|data):/);
  });

  it('allows no scripts, no frames, and forms to itself only', async () => {
    await openPullRequest('Promote', '');
    const policy = (await fetch(`${forge.url}/${repository}/pull/1`)).headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("form-action 'self'");
    expect(policy).not.toContain('unsafe');
  });
});

describe('the merge button', () => {
  beforeEach(() => openPullRequest('Promote', ''));

  it('merges and leads back to the page, which then says so', async () => {
    const response = await merge(await csrfToken());
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`/${repository}/pull/1`);
    expect(await forge.readFile(repository, 'main', 'app.yaml')).toContain('1.1.0');
    const text = await page(`/${repository}/pull/1`);
    expect(text).toContain('<span class="badge merged">merged</span>');
    expect(text).toContain('+version: 1.1.0');
    expect(text).not.toContain('<button');
  });

  it('is refused without the token that the page holds', async () => {
    for (const guess of ['', 'undefined', '0'.repeat(64)]) expect((await merge(guess)).status).toBe(403);
    expect(forge.pullRequests(repository)).toMatchObject([{ state: 'open' }]);
  });

  it('says that it cannot merge what is merged', async () => {
    const csrf = await csrfToken();
    await merge(csrf);
    expect((await merge(csrf)).status).toBe(409);
  });

  it('says that it cannot merge what conflicts', async () => {
    await forge.commit(repository, 'main', { 'app.yaml': 'version: 9.0.0\n' }, 'Elsewhere');
    expect((await merge(await csrfToken())).status).toBe(409);
  });

  it('waits for a required check, with its sentence', async () => {
    const context = 'windlass/gates';
    const { checks, requiredChecks } = forge.repository(repository);
    requiredChecks.require('main', context);
    const head = (await forge.branches(repository)).get('topic')!;
    const description = 'waits for 1 of 2 <approvals>';
    checks.addStatus(head, { state: 'pending', context, description, targetUrl: null });
    const text = await page(`/${repository}/pull/1`);
    expect(text).toContain('<button type="submit" disabled>Merge pull request</button>');
    expect(text).toContain('waits for 1 of 2 &lt;approvals&gt;');
    expect(text).toContain('http-equiv="refresh"');
    const refused = await merge(await csrfToken());
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain('Required status check &quot;windlass/gates&quot; is pending.');

    checks.addStatus(head, { state: 'success', context, description: 'open', targetUrl: null });
    expect(await page(`/${repository}/pull/1`)).toContain(
      '<button type="submit">Merge pull request</button>',
    );
    expect((await merge(await csrfToken())).status).toBe(303);
  });
});

describe('the pages', () => {
  it('list the repositories and their pull requests', async () => {
    expect(await page('/')).toContain('No pull request yet');
    await openPullRequest('Promote it', '');
    expect(await page('/')).toContain(`<a href="/${repository}/pull/1">Promote it`);
  });

  it('lead from a merged pull request to the open ones', async () => {
    await openPullRequest('First', '');
    await forge.commit(repository, 'second', { 'app.yaml': 'version: 1.2.0\n' }, 'Next');
    await forge.mergePullRequest(repository, 1);
    await openPullRequest('Second', '', 'second');
    expect(await page(`/${repository}/pull/1`)).toContain(`<a href="/${repository}/pull/2">Second`);
  });

  it.each(['/acme/fleet/pull/9', '/acme/other/pull/1', '/nothing'])('have nothing at %s', async (path) => {
    expect((await fetch(forge.url + path)).status).toBe(404);
  });

  it('answer to the loopback names with the own port, and to no other Host', async () => {
    const { port } = new URL(forge.url);
    expect(await statusForHost(`127.0.0.1:${port}`)).toBe(200);
    expect(await statusForHost(`localhost:${port}`)).toBe(200);
    expect(await statusForHost(`evil.example:${port}`)).toBe(421);
    expect(await statusForHost('127.0.0.1:1')).toBe(421);
    expect(await statusForHost(`127.0.0.1.evil.example:${port}`)).toBe(421);
  });
});

it('closes a pull request from its own page only, and says who did', async () => {
  await openPullRequest('Promote', 'text');
  const close = (csrf: string): Promise<Response> =>
    fetch(`${forge.url}/${repository}/pull/1/close`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ csrf }),
    });
  expect((await close('0'.repeat(64))).status).toBe(403);
  expect(forge.pullRequests(repository)).toMatchObject([{ state: 'open' }]);
  expect((await close(await csrfToken())).status).toBe(303);
  expect(forge.pullRequests(repository)).toMatchObject([
    { state: 'closed', merged: false, endedBy: 'demo-user' },
  ]);
  expect(await page(`/${repository}/pull/1`)).toContain('by demo-user');
});

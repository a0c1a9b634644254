import { startGitea } from '../support/gitea';
const log: string[] = [];
const say = (...x: unknown[]) => {
  log.push(x.map((y) => (typeof y === 'string' ? y : JSON.stringify(y))).join(' '));
};
it('explore', async () => {
  const g = await startGitea();
  await g.createUser('bot');
  await g.createUser('ada');
  await g.createUser('reader');
  await g.createOrganization('acme');
  await g.createRepository('acme/apps', { writers: ['bot', 'ada'] });
  const scopes: Record<string, any> = {
    wr: ['write:repository'],
    wr_ri: ['write:repository', 'read:issue'],
    wr_wi: ['write:repository', 'write:issue'],
    wr_wi_ru: ['write:repository', 'write:issue', 'read:user'],
    rr: ['read:repository'],
  };
  const tok: Record<string, string> = {};
  for (const k of Object.keys(scopes)) tok[k] = `token ${await g.createToken('bot', scopes[k])}`;
  const s = async (k: string, method: string, path: string, body?: unknown) => {
    const a = await g.send({ method, path, authorization: tok[k]!, ...(body ? { body } : {}) });
    const b: any = a.body;
    const short =
      b && typeof b === 'object' && b.message
        ? b
        : Array.isArray(b)
          ? `[${b.length}]`
          : b && b.number
            ? {
                number: b.number,
                state: b.state,
                mergeable: b.mergeable,
                updated: b.updated_at,
                sha: b.head?.sha,
              }
            : b;
    say(
      k,
      method,
      path,
      body ?? '',
      '=>',
      a.status,
      JSON.stringify(short)?.slice(0, 400),
      a.headers['etag'] ?? '',
      a.headers['link'] ?? '',
      a.headers['x-total-count'] ?? '',
    );
    return a;
  };
  const lap = (() => {
    let t = Date.now();
    return (n: string) => {
      say('LAP', n, String(Date.now() - t));
      t = Date.now();
    };
  })();
  const h1 = await g.commit('acme/apps', 'promotion', { 'a.txt': '1' });
  lap('commit');
  const P = 'repos/acme/apps';
  for (const k of ['rr', 'wr'])
    await s(k, 'POST', `${P}/pulls`, { head: 'promotion', base: 'main', title: 'T', body: '' });
  await s('wr', 'POST', `${P}/pulls`, { head: 'promotion', base: 'main', title: 'T', body: '' });
  await s('wr', 'POST', `${P}/pulls`, { head: 'nope', base: 'main', title: 'T', body: '' });
  await s('wr', 'POST', `${P}/pulls`, { head: 'promotion', base: 'nope', title: 'T', body: '' });
  await s('wr', 'POST', `${P}/pulls`, { head: 'main', base: 'main', title: 'T', body: '' });
  await s('wr', 'GET', `${P}/pulls?state=open&base_branch=main&limit=50`);
  await s('wr', 'GET', `${P}/pulls/main/promotion`);
  await s('wr', 'GET', `${P}/branches/main`);
  await s('wr', 'GET', `${P}/branch_protections`);
  for (const k of ['wr', 'wr_ri', 'wr_wi']) await s(k, 'GET', `${P}/issues/1/comments?limit=50`);
  for (const k of ['wr', 'wr_ri', 'wr_wi']) await s(k, 'POST', `${P}/issues/1/comments`, { body: `hi ${k}` });
  for (const k of ['wr', 'wr_ri', 'wr_wi']) await s(k, 'GET', `${P}/issues/1/timeline`);
  for (const k of ['wr', 'wr_wi_ru']) await s(k, 'GET', `user`);
  for (const k of ['wr', 'wr_wi']) await s(k, 'GET', `${P}/labels`);
  for (const k of ['wr', 'wr_wi']) await s(k, 'POST', `${P}/labels`, { name: 'promo', color: '#00aabb' });
  await s('wr_wi', 'GET', `orgs/acme/labels`);
  await s('wr', 'POST', `${P}/pulls/1/requested_reviewers`, { reviewers: ['ada'] });
  await s('wr', 'POST', `${P}/pulls/1/requested_reviewers`, { reviewers: ['nobody-there'] });
  await s('wr', 'POST', `${P}/pulls/1/requested_reviewers`, { reviewers: ['reader'] });
  await s('wr', 'POST', `${P}/pulls/1/requested_reviewers`, { reviewers: ['bot'] });
  await s('wr', 'POST', `${P}/pulls/1/requested_reviewers`, { team_reviewers: ['Owners'] });
  await s('wr', 'POST', `${P}/pulls/1/requested_reviewers`, { team_reviewers: ['nope'] });
  await s('wr', 'PATCH', `${P}/pulls/1`, { assignees: ['ada'] });
  await s('wr', 'PATCH', `${P}/pulls/1`, { assignees: ['reader'] });
  await s('wr', 'PATCH', `${P}/pulls/1`, { assignees: ['nobody'] });
  await s('wr', 'PATCH', `${P}/pulls/1`, { title: 'WIP: x' });
  await s('wr', 'POST', `${P}/pulls/1/merge`, { Do: 'merge', head_commit_id: h1 });
  await s('wr', 'PATCH', `${P}/pulls/1`, { title: 'x' });
  await s('wr', 'POST', `${P}/statuses/${h1}`, {
    context: 'windlass/gates',
    state: 'pending',
    description: 'd'.repeat(300),
    target_url: 'https://x.example.com/a',
  });
  await s('rr', 'POST', `${P}/statuses/${h1}`, { context: 'windlass/gates', state: 'pending' });
  await s('wr', 'GET', `${P}/commits/${h1}/status`);
  await s('wr', 'GET', `${P}/commits/${h1}/statuses?limit=50`);
  await g.request('POST', `${P}/branch_protections`, {
    rule_name: 'main',
    enable_status_check: true,
    status_check_contexts: ['windlass/gates'],
    enable_push: true,
  });
  const br = await g.send({ method: 'GET', path: `${P}/branches/main`, authorization: tok['wr']! });
  say('branch', br.body);
  await s('wr', 'GET', `${P}/branch_protections`);
  await s('wr', 'POST', `${P}/pulls/1/merge`, { Do: 'merge', head_commit_id: h1 });
  await s('wr', 'POST', `${P}/pulls/1/merge`, { Do: 'merge', head_commit_id: 'a'.repeat(40) });
  await s('wr', 'POST', `${P}/statuses/${h1}`, {
    context: 'windlass/gates',
    state: 'success',
    description: 'ok',
  });
  await s('wr', 'POST', `${P}/pulls/1/merge`, { Do: 'merge', head_commit_id: 'a'.repeat(40) });
  await s('wr', 'POST', `${P}/pulls/1/merge`, { Do: 'nonsense', head_commit_id: h1 });
  await s('wr', 'POST', `${P}/pulls/1/merge`, { Do: 'merge', head_commit_id: h1 });
  await s('wr', 'POST', `${P}/pulls/1/merge`, { Do: 'merge', head_commit_id: h1 });
  lap('merged');
  await s('wr', 'GET', `${P}/pulls/1`);
  await s('wr', 'GET', `${P}/git/refs/pull/1/head`);
  await s('wr', 'POST', `${P}/pulls`, { head: 'promotion', base: 'main', title: 'empty', body: '' });
  // second: race
  await g.commit('acme/apps', 'race', { 'b.txt': '1' });
  await Promise.all(
    [1, 2, 3, 4].map(() =>
      s('wr', 'POST', `${P}/pulls`, { head: 'race', base: 'main', title: 'R', body: '' }),
    ),
  );
  await s('wr', 'GET', `${P}/pulls?state=open&base_branch=main&limit=50`);
  lap('race');
  // update semantics on push
  await g
    .request('POST', `${P}/pulls`, { head: 'promotion2', base: 'main', title: 'x', body: '' })
    .catch((e) => say(String(e)));
  const h2 = await g.commit('acme/apps', 'promotion2', { 'c.txt': '1' });
  const made: any = await g.request('POST', `${P}/pulls`, {
    head: 'promotion2',
    base: 'main',
    title: 'x',
    body: 'body\r\nline ' + 'é',
  });
  await new Promise((r) => setTimeout(r, 1500));
  const h3 = await g.commit('acme/apps', 'promotion2', { 'c.txt': '2' });
  say(h2, h3);
  for (let i = 0; i < 6; i++) {
    const l: any = await g.request('GET', `${P}/pulls?state=all&sort=recentupdate&limit=2`);
    say(l.map((x: any) => [x.number, x.head.sha.slice(0, 8), x.updated_at, x.mergeable]));
    const o: any = await g.request('GET', `${P}/pulls/${made.number}`);
    say('single', o.head.sha.slice(0, 8), o.updated_at, o.mergeable, String(Date.now()));
    await new Promise((r) => setTimeout(r, 300));
  }
  // conflict
  await g.commit('acme/apps', 'main', { 'c.txt': 'other' });
  for (let i = 0; i < 8; i++) {
    const o: any = await g.request('GET', `${P}/pulls/${made.number}`);
    say('conflict?', o.mergeable, o.merge_base, o.base.sha);
    await new Promise((r) => setTimeout(r, 200));
  }
  await s('wr', 'POST', `${P}/pulls/${made.number}/merge`, { Do: 'merge', head_commit_id: h3 });
  await s('wr', 'GET', `${P}/pulls/${made.number}/files`);
  await s('wr', 'PATCH', `${P}/pulls/${made.number}`, { state: 'closed' });
  await s('wr', 'PATCH', `${P}/pulls/${made.number}`, { state: 'closed' });
  await s('wr', 'POST', `${P}/pulls/${made.number}/merge`, { Do: 'merge', head_commit_id: h3 });
  say(
    (
      await g.send({
        method: 'GET',
        path: `${P}/issues/${made.number}/timeline`,
        authorization: tok['wr_wi']!,
      })
    ).body,
  );
  say('PR', await g.request('GET', `${P}/pulls/${made.number}`));
  await g.createRepository('acme/arch', { writers: ['bot'] });
  await g.commit('acme/arch', 'promotion', { 'b.txt': '1' });
  await g.request('PATCH', 'repos/acme/arch', { archived: true });
  await s('wr', 'POST', `repos/acme/arch/pulls`, { head: 'promotion', base: 'main', title: 'x', body: '' });
  await s('wr', 'GET', `repos/acme/gone/pulls`);
  await s('wr', 'GET', `${P}/pulls/4711`);
  await s('wr', 'GET', `${P}/pulls/1/commits?limit=50`);
  lap('end');
  await g.close();
  require('node:fs').writeFileSync('/tmp/explore.log', log.join('\n'));
}, 200000);
afterAll(() => require('node:fs').writeFileSync('/tmp/explore.log', log.join('\n')));

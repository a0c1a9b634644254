import { renderDiff } from './diff-view';
import { type HostedRepository } from './hosted-repository';
import { type Html, html } from './html';
import { renderMarkdown } from './markdown';
import { type PullRequestRecord } from './pull-request-record';

/** A page that waits for a change reloads itself. */
const refreshSeconds = 3;

interface Page {
  readonly title: string;
  readonly trail: Html;
  readonly content: Html;
  readonly refresh: boolean;
}

function page({ title, trail, content, refresh }: Page): string {
  const reload = refresh ? html`<meta http-equiv="refresh" content="${refreshSeconds}" />` : html``;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${reload}
        <title>${title}</title>
        <link rel="stylesheet" href="/style.css" />
        <link rel="icon" href="data:," />
      </head>
      <body>
        <header><a href="/">Demo forge</a>${trail}</header>
        <main>${content}</main>
      </body>
    </html> `.markup;
}

/** Lists every repository with its pull requests. */
export function indexPage(repositories: readonly HostedRepository[]): string {
  const cards = repositories.map(
    (repository) =>
      html`<section class="card">
        <h2>${repository.fullName}</h2>
        ${
          repository.pullRequests().length === 0
            ? html`<p class="note">No pull request yet. This page reloads automatically.</p>`
            : pullRequestRows(repository, repository.pullRequests())
        }
      </section>`,
  );
  return page({
    title: 'Demo forge',
    trail: html``,
    content: html`<h1>Repositories</h1>
      ${cards}`,
    refresh: true,
  });
}

/** One pull request: its text, its changes and the merge button. */
export function pullRequestPage(
  repository: HostedRepository,
  record: PullRequestRecord,
  diff: string,
  csrfToken: string,
): string {
  const others = repository
    .pullRequests()
    .filter(({ state, number }) => state === 'open' && number !== record.number);
  return page({
    title: `${record.title} · #${record.number}`,
    trail: html`<span>/</span>${repository.fullName}<span>/</span>#${record.number}`,
    content: html` <h1>${record.title} <small>#${record.number}</small></h1>
      <p class="summary">${badge(record)}${mergeSentence(record)}</p>
      <section class="card">
        <div class="content">
          ${record.body === '' ? html`<p>No description.</p>` : renderMarkdown(record.body)}
        </div>
      </section>
      ${renderDiff(diff)}
      ${record.comments.map(
        (comment) =>
          html`<section class="card">
            <h2>Comment of ${comment.createdAt}</h2>
            <div class="content">${renderMarkdown(comment.body)}</div>
          </section>`,
      )}
      ${checksCard(repository, record)}
      ${record.state === 'open' ? mergeForm(repository, record, csrfToken) : nextCard(repository, others)}`,
    refresh: record.state === 'closed' || repository.obstacle(record) !== undefined,
  });
}

/** An error page. */
export function messagePage(title: string, text: string): string {
  const content = html`<h1>${title}</h1>
    <p>${text}</p>
    <p><a href="/">All repositories</a></p>`;
  return page({ title, trail: html``, content, refresh: false });
}

/** The statuses of its head, with what they say. */
function checksCard(repository: HostedRepository, { headSha }: PullRequestRecord): Html {
  const statuses = repository.checks.latestStatuses(headSha);
  if (statuses.length === 0) return html``;
  const rows = statuses.map(
    ({ context, state, description }) =>
      html`<li>
        <code>${context}</code><small>${description ?? ''}</small
        ><span class="badge small ${state}">${state}</span>
      </li>`,
  );
  return html`<section class="card">
    <h2>Checks</h2>
    <ul class="rows">
      ${rows}
    </ul>
  </section>`;
}

function mergeForm(repository: HostedRepository, record: PullRequestRecord, csrfToken: string): Html {
  const obstacle = repository.obstacle(record);
  return html`<section class="card">
    <form class="merge" method="post" action="/${repository.fullName}/pull/${record.number}/merge">
      <input type="hidden" name="csrf" value="${csrfToken}" />
      ${
        obstacle === undefined
          ? html`<p>Merging makes a merge commit on <code>${record.base}</code>.</p>
              <button type="submit">Merge pull request</button>`
          : html`<p>${obstacle} This page reloads automatically.</p>
              <button type="submit" disabled>Merge pull request</button>`
      }
    </form>
    <form class="merge" method="post" action="/${repository.fullName}/pull/${record.number}/close">
      <input type="hidden" name="csrf" value="${csrfToken}" />
      <p>Closing rejects the change: <code>${record.base}</code> stays as it is.</p>
      <button type="submit" class="quiet">Close without merging</button>
    </form>
  </section>`;
}

function nextCard(repository: HostedRepository, others: readonly PullRequestRecord[]): Html {
  const rows =
    others.length === 0
      ? html`<p class="note">None. This page reloads automatically.</p>`
      : pullRequestRows(repository, others);
  return html`<section class="card">
    <h2>Open pull requests</h2>
    ${rows}
  </section>`;
}

function pullRequestRows(repository: HostedRepository, records: readonly PullRequestRecord[]): Html {
  const rows = records.map(
    (record) =>
      html`<li>
        <a href="/${repository.fullName}/pull/${record.number}">${record.title}</a
        ><small>#${record.number}</small
        ><span class="badge small ${stateOf(record)}">${stateOf(record)}</span>
      </li>`,
  );
  return html`<ul class="rows">
    ${rows}
  </ul>`;
}

function badge(record: PullRequestRecord): Html {
  return html`<span class="badge ${stateOf(record)}">${stateOf(record)}</span>`;
}

function stateOf(record: PullRequestRecord): 'open' | 'merged' | 'closed' {
  return record.merged ? 'merged' : record.state;
}

function mergeSentence(record: PullRequestRecord): Html {
  const branches = html`<code>${record.head}</code> into <code>${record.base}</code>`;
  switch (stateOf(record)) {
    case 'open':
      return html`wants to merge ${branches}`;
    case 'merged':
      return html`${branches}, merged ${whenAndBy(record)}`;
    case 'closed':
      return html`${branches}, closed without merging ${whenAndBy(record)}`;
  }
}

function whenAndBy({ closedAt, endedBy }: PullRequestRecord): string {
  return [closedAt ?? '', ...(endedBy === undefined ? [] : [`by ${endedBy}`])].join(' ');
}

import { type Express } from 'express';
import { identityAnswer, sendList } from './answers';
import { guidOf, tokenUser } from './model';
import { invalidArgument, Refusal } from './refusal';
import { type Find, textIn } from './routes';

/** Labels, reviewers, and how people are found. @param names people and `[project]\team`s */
export function servePeople(
  app: Express,
  { root, organization }: { readonly root: string; readonly organization: string },
  { repositoryOf, pullRequestOf }: Find,
  names: readonly string[],
): void {
  app.get(`${root}/pullRequests/:id/labels`, (request, response) => {
    sendList(response, pullRequestOf(request).labels.map(labelAnswer));
  });
  app.post(`${root}/pullRequests/:id/labels`, (request, response) => {
    const { name = '' } = request.body as { readonly name?: string };
    if (name.trim() === '') throw invalidArgument('name');
    const { labels } = pullRequestOf(request);
    if (!labels.includes(name)) labels.push(name);
    response.json(labelAnswer(name));
  });
  app.get(`${root}/pullRequests/:id/reviewers`, (request, response) => {
    const { reviewers } = pullRequestOf(request);
    sendList(
      response,
      reviewers.map(({ name, vote }) => ({ ...reviewerAnswer(name), vote })),
    );
  });
  app.put(`${root}/pullRequests/:id/reviewers/:reviewer`, (request, response) => {
    repositoryOf(request);
    const { reviewers } = pullRequestOf(request);
    const name = names.find((each) => guidOf(each) === request.params['reviewer']);
    if (name === undefined) throw new Refusal(400, 'GitPullRequestInvalidReviewer', 'No such identity.');
    const { vote = 0 } = request.body as { readonly vote?: number };
    const present = reviewers.find((each) => each.name === name);
    if (present === undefined) reviewers.push({ name, vote });
    else present.vote = vote;
    response.json({ ...reviewerAnswer(name), vote });
  });
  app.get(`${organization}/identities`, (request, response) => {
    const { searchFilter } = request.query;
    if (searchFilter !== 'General') throw invalidArgument('searchFilter');
    const wanted = textIn(request, 'filterValue').toLowerCase();
    const found = names.filter((name) => name.toLowerCase().startsWith(wanted));
    sendList(
      response,
      found.map((name) => ({
        ...{ id: guidOf(name), isActive: true, isContainer: name.startsWith('[') },
        providerDisplayName: name.replace(/@.*$/, ''),
        properties: { Account: { $type: 'System.String', $value: name } },
      })),
    );
  });
  app.get(`${organization}/connectionData`, (_request, response) => {
    response.json({ authenticatedUser: { id: guidOf(tokenUser), isActive: true } });
  });
}

function labelAnswer(name: string): object {
  return { id: guidOf(`label ${name}`), name, active: true };
}

/** A team's unique name is an address of its own. */
function reviewerAnswer(name: string): object {
  const team = { id: guidOf(name), displayName: name, uniqueName: `vstfs:///Classification/${guidOf(name)}` };
  return name.startsWith('[') ? team : identityAnswer(name);
}

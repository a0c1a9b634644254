import { type Express } from 'express';
import { identityAnswer, sendList } from './answers';
import { bodyOf, identitiesQuery, labelBody, noQuery, previewQuery, queryOf, reviewerBody } from './input';
import { guidOf, tokenUser } from './model';
import { assumed } from './refusal';
import { type Find } from './routes';

/** Labels, reviewers, and how people are found. @param names people and `[project]\team`s */
export function servePeople(
  app: Express,
  { root, organization }: { readonly root: string; readonly organization: string },
  { pullRequestOf }: Find,
  names: readonly string[],
): void {
  app.get(`${root}/pullRequests/:id/labels`, (request, response) => {
    queryOf(request, noQuery);
    sendList(response, pullRequestOf(request).labels.map(labelAnswer));
  });
  app.post(`${root}/pullRequests/:id/labels`, (request, response) => {
    queryOf(request, noQuery);
    const { name } = bodyOf(request, labelBody);
    const { labels } = pullRequestOf(request);
    if (!labels.includes(name)) labels.push(name);
    response.json(labelAnswer(name));
  });
  app.get(`${root}/pullRequests/:id/reviewers`, (request, response) => {
    queryOf(request, noQuery);
    const { reviewers } = pullRequestOf(request);
    sendList(
      response,
      reviewers.map(({ name, vote }) => ({ ...reviewerAnswer(name), vote })),
    );
  });
  app.put(`${root}/pullRequests/:id/reviewers/:reviewer`, (request, response) => {
    queryOf(request, noQuery);
    const { id, vote } = bodyOf(request, reviewerBody);
    const { reviewers } = pullRequestOf(request);
    const name = names.find((each) => guidOf(each) === id);
    if (name === undefined || id !== request.params['reviewer']) throw assumed(400, 'No such identity.');
    const present = reviewers.find((each) => each.name === name);
    if (present === undefined) reviewers.push({ name, vote });
    else present.vote = vote;
    response.json({ ...reviewerAnswer(name), vote });
  });
  app.get(`${organization}/identities`, (request, response) => {
    const wanted = queryOf(request, identitiesQuery).filterValue.toLowerCase();
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
  app.get(`${organization}/connectionData`, (request, response) => {
    queryOf(request, previewQuery);
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

import { foreignRequestReason } from '../../../src/temporal-server/foreign-requests';
import { browserRequests } from '../../support/browser-requests';

const reasons = { host: /answers only to the host names/, origin: /from pages of other origins/ };

it.each(browserRequests.filter(({ foreign }) => foreign === undefined))(
  'is none for the Web UI itself: %j',
  (request) => {
    expect(foreignRequestReason(request)).toBeUndefined();
  },
);

it.each(browserRequests.flatMap(({ foreign, ...request }) => (foreign ? [{ foreign, request }] : [])))(
  'is one for what a page of another origin sends: %j',
  ({ foreign, request }) => {
    expect(foreignRequestReason(request)).toMatch(reasons[foreign]);
  },
);

it('is one for a request without a host', () => {
  expect(foreignRequestReason({ method: 'GET', headers: {} })).toMatch(reasons.host);
});
